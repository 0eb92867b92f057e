"""The command, a file for each noun."""
