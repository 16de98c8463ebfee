/* Whatever the order in which events arrive, and however often, the relying party ends
 * where the platform is.
 *
 * The platform makes four changes, each with the next seq: the card's lock, the
 * account's lock, or the withdrawal of the grant. A bundle that it seals while both
 * locks are open carries the seq of that moment. The network delivers everything at
 * least once, at most twice, in any order; the relying party may crash between applying
 * an event and acknowledging it, which is a second delivery.
 *
 *   apply     events.State.Apply
 *   bundle    events.Delivered
 *
 * -DAS_IT_COMES   the relying party believes whatever comes last
 * -DONE_SEQ       it applies only what is newer than all it has seen of the person
 * -DBUNDLE_LAST   a bundle says "unlocked" whatever its seq
 */
#define CHANGES 4
#define COPIES  2
#define BUNDLE  CHANGES           /* its place among what is sent */
#define none    0                 /* nothing was sent */

mtype = { eid_on, eid_off, account_on, account_off, withdraw, sealed };

bool eid, account, withdrawn;     /* the platform */
mtype what[CHANGES + 1];          /* what was sent; the seq of a change is its place + 1 */
byte number[CHANGES + 1];
byte copies[CHANGES + 1];         /* how often it was delivered */

bool reid, raccount, rwithdrawn;  /* the relying party */
byte seid, saccount, sall;        /* the seqs that decided */

bool told;                        /* everything happened */

proctype Platform() {
	byte n;
	for (n : 0 .. CHANGES - 1) {
		atomic {
			if
			:: eid = !eid; what[n] = (eid -> eid_on : eid_off)
			:: account = !account; what[n] = (account -> account_on : account_off)
			:: !withdrawn -> withdrawn = true; what[n] = withdraw
			fi;
			number[n] = n + 1;
			printf("STEP platform: %e %d\n", what[n], n + 1)
		}
		atomic {
			if
			:: what[BUNDLE] == none && !eid && !account ->
				what[BUNDLE] = sealed; number[BUNDLE] = n + 1;
				printf("STEP platform: %e %d\n", what[BUNDLE], n + 1)
			:: true
			fi
		}
	}
	told = true
}

inline decide(value, seq, to, n) {
	if
	:: n > seq || (n == seq && to) -> value = to; seq = n
	:: else
	fi
}

inline apply(w, n) {
#ifdef AS_IT_COMES
	if
	:: w == eid_on -> reid = true
	:: w == eid_off -> reid = false
	:: w == account_on -> raccount = true
	:: w == account_off -> raccount = false
	:: w == withdraw -> rwithdrawn = true
	:: w == sealed
	fi
#elif defined(ONE_SEQ)
	if
	:: n > sall || w == withdraw ->
		if
		:: n > sall -> sall = n
		:: else
		fi;
		if
		:: w == eid_on -> reid = true
		:: w == eid_off -> reid = false
		:: w == account_on -> raccount = true
		:: w == account_off -> raccount = false
		:: w == withdraw -> rwithdrawn = true
		:: w == sealed -> reid = false; raccount = false
		fi
	:: else
	fi
#else
	if
	:: w == eid_on -> decide(reid, seid, true, n)
	:: w == eid_off -> decide(reid, seid, false, n)
	:: w == account_on -> decide(raccount, saccount, true, n)
	:: w == account_off -> decide(raccount, saccount, false, n)
	:: w == withdraw -> rwithdrawn = true
	:: w == sealed ->
#ifdef BUNDLE_LAST
		reid = false; raccount = false
#else
		decide(reid, seid, false, n);
		decide(raccount, saccount, false, n)
#endif
	fi
#endif
}

#define can(i) (what[i] != none && copies[i] < COPIES)

proctype RelyingParty() {
	byte n;
	do
	:: atomic {
		can(0) || can(1) || can(2) || can(3) || can(BUNDLE) ->
		if
		:: can(0) -> n = 0
		:: can(1) -> n = 1
		:: can(2) -> n = 2
		:: can(3) -> n = 3
		:: can(BUNDLE) -> n = BUNDLE
		fi;
		copies[n]++;
		printf("STEP relying party: %e %d\n", what[n], number[n]);
		apply(what[n], number[n])
	   }
	:: atomic {
		told && copies[0] > 0 && copies[1] > 0 && copies[2] > 0 && copies[3] > 0 && (what[BUNDLE] == none || copies[BUNDLE] > 0) ->
		assert(reid == eid && raccount == account && rwithdrawn == withdrawn);
		break
	   }
	od
}

init { atomic { run Platform(); run RelyingParty() } }
