"""Power runs in one pass: each patient lives, is measured and is judged before the next one begins."""
