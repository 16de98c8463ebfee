/* What may be used once has at most one winner.
 *
 * Three redeemers present one thing at the same time, and one of them presents it again.
 * The thing is a code (Platform.spend), a request_uri (Platform.takePushed), the cti of
 * a citizen's code (Platform.redeem) or a jti (Platform.first): each reads and writes
 * within one Store.Update.
 *
 *   read, write   the two steps in it
 *
 * -DREAD_BEFORE  it is read in a transaction before the one that writes
 */
#define REDEEMERS 3

bool busy, spent;
byte won;

#define begin  atomic { !busy -> busy = true }
#define commit busy = false

proctype Redeemer(byte i; byte tries) {
	bool was;
again:
	begin;
	atomic { was = spent; printf("STEP redeemer %d: read %d\n", i, was) }
#ifdef READ_BEFORE
	commit;
	begin;
#endif
	atomic {
		if
		:: !was -> spent = true; won++; printf("STEP redeemer %d: win\n", i); assert(won <= 1)
		:: else -> printf("STEP redeemer %d: refused\n", i)
		fi;
		commit
	}
	tries--;
	if
	:: tries > 0 -> goto again
	:: else
	fi
}

init {
	atomic { run Redeemer(0, 1); run Redeemer(1, 1); run Redeemer(2, 2) }
}
