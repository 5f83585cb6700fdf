package SshOnly;

# libssh2 needs OpenSSL's arithmetic, ciphers, digests and key files. What is named here is used by nothing in this program: it is not compiled.
# ML-KEM is needed: libssh2 has it by its name alone, and would fail where a server takes it (tests/session/algorithms.rs negotiates what it has). A development build does not optimise the rest, either: what a session computes most is
# assembler. `.cargo/config.toml` has every perl of a build load this; it changes OpenSSL's Configure alone. A build without it has more of
# OpenSSL inside and works the same.

use strict;
use warnings;

my @unused = qw(
    acvp-tests argon2 aria async blake2 cmp cms ct docs dtls ec2m engine gost http lms md4 mdc2 ml-dsa multiblock
    nextprotoneg ocb ocsp psk quic rfc3779 siphash siv slh-dsa sm2 sm3 sm4 srp srtp ssl-trace ts ui-console whirlpool
);

if ( $0 =~ m{(?:^|[/\\])Configure$} ) {
    push @ARGV, map { "no-$_" } @unused;
    # Cargo's word for the profile; the last of several levels decides.
    push @ARGV, '-O0' if ( $ENV{PROFILE} // '' ) eq 'debug' && ( $ENV{TARGET} // '' ) !~ /msvc/;
}

1;
