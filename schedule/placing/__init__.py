"""Places for papers in the sessions of a programme, worked out at once. Without Django."""
