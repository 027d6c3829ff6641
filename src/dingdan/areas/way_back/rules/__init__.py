"""Pure decisions about the way back: who bears a loss, which option is best, whose a strange parcel is."""
