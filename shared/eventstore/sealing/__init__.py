"""Personal data under a key per person, which can be destroyed: cipher, keys, erasures, their backup."""
