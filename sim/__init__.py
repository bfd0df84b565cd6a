"""Patient-level simulator of NCT04835883: is a ten-patient trial of cells in lupus worth running?"""

__version__ = "0.1.0"
