"""What it takes to lose nothing and to do nothing twice. With TOUCHSTONE_NIGHTLY=1 these tests take their time."""
