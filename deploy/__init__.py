"""How Tanfidh is run: engines on one machine, and the command line."""
