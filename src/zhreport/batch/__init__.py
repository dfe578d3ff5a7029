"""Many documents in one run: processes, what became of each, and the line at the end."""

from zhreport.batch.closing import Closing, Facts, log
from zhreport.batch.jobs import Job, Make, Pack, Result, Then, loaded, run

__all__ = ["Closing", "Facts", "Job", "Make", "Pack", "Result", "Then", "loaded", "log", "run"]
