"""The pure part of invoices: which tax, which amounts, which paper next, and what a tax number is."""
