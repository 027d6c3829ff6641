"""What a price is made by: every rule pure, over whole numbers."""
