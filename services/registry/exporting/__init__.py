"""What is stored, in the forms in which it is imported."""
