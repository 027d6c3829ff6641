"""What all doors share: how a no looks, who may enter, how things are written on the wire."""
