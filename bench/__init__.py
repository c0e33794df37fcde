"""How fast Hato is, and how well it keeps to its pace: each measurement prints a table and writes a file to build/."""
