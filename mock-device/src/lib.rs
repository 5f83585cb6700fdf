//! A mock of the NEC UNIVERGE IX command line.
