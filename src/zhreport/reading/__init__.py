"""From files to text, with the way back from every character to where it stood."""
