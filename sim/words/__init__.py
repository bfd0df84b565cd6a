"""What tables of results say in words: lines and sentences for a terminal and for documents."""
