/* What has ended stays ended.
 *
 * One request from its push to its end: the citizen decides in two windows, the clock
 * runs out, the client fetches and gives up, the citizen withdraws. Each reads the
 * request, and moves it by the one table of steps, within one Store.Update.
 *
 *   read, move   Platform.move by shareSteps; of the clock: sharing.now
 *
 * -DREAD_BEFORE  the request is read in a transaction before the one that moves it
 * -DNO_TABLE     the move does not look where the request stands
 */
mtype = { pending, approved, denied, expired, delivered, withdrawn, givenup };

mtype state = pending;
mtype end = pending;              /* the first end that was reached */
bool busy;

#define begin  atomic { !busy -> busy = true }
#define commit busy = false
#define ended(s) (s == denied || s == expired || s == withdrawn || s == givenup)
#define live(s)  (s == approved || s == delivered)

inline move(from, to) {
	if
	:: (to == approved || to == denied || to == expired) && from != pending -> ok = false
	:: (to == delivered || to == withdrawn || to == givenup) && !live(from) -> ok = false
	:: else -> ok = true
	fi
}

proctype Party(mtype to; byte tries) {
	mtype from;
	bool ok;
again:
	begin;
	atomic { from = state; printf("STEP %e: read %e\n", to, from) }
#ifdef READ_BEFORE
	commit;
	begin;
#endif
	atomic {
		move(from, to);
#ifdef NO_TABLE
		ok = true;
#endif
		if
		:: ok -> state = to; printf("STEP %e: move\n", to)
		:: else -> printf("STEP %e: refused\n", to)
		fi;
		if
		:: end == pending && ended(state) -> end = state
		:: else
		fi;
		assert(end == pending || state == end);
		commit
	}
	tries--;
	if
	:: tries > 0 -> goto again
	:: else
	fi
}

/* The same as a formula: whichever end is reached, it holds from then on. */
#define at(s) (state == s)
ltl stays {
	[] (at(denied) -> [] at(denied)) && [] (at(expired) -> [] at(expired)) &&
	[] (at(withdrawn) -> [] at(withdrawn)) && [] (at(givenup) -> [] at(givenup))
}

init {
	atomic { run Party(approved, 1); run Party(denied, 1); run Party(expired, 1);
		run Party(delivered, 2); run Party(withdrawn, 1); run Party(givenup, 1) }
}
