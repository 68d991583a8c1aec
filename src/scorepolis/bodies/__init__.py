"""Public bodies: what they owe, what is asked of them from above, who looks, how they are graded, whom that binds."""
