"""Rules about what training costs and when it pays back. They speak only where the user named a model whose price is known."""
