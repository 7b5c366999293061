"""The command line: one file for each command, none of them longer than what it says."""
