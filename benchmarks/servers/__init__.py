"""The servers that HTTP figures are taken from: ours, one that stores nothing, and the textbook way."""
