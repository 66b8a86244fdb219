"""What the manual shows besides its prose: references that are made from the code of Juchi."""
