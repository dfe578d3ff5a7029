"""`python -m zhreport`."""

from zhreport.cli import main

if __name__ == "__main__":
    main()
