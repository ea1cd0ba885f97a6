"""What a decision rests on, measured; README.md lists the commands."""
