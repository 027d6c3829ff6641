"""methods: the ways to pay that can be used here and now, and why others cannot."""
