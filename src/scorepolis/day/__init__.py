"""The loop: act, observe, score, treat, respond, and the plan that puts them in order."""
