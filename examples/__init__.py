"""Small files in the publishers' layouts, and the generator that writes them."""
