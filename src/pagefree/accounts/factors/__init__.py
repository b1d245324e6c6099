"""Second factors, passkeys, recovery codes and links to sign in with."""
