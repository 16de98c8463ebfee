/* No delivery commits after a withdrawal or a lock has committed.
 *
 * One data request that a citizen agreed to is fetched with two access tokens, while the
 * citizen withdraws and an officer locks and unlocks. Steps between begin and commit are
 * those of one Store.Update of internal/platform, which is serialised with every other;
 * every reading and every writing in it is a step of its own here.
 *
 *   token     Platform.forShare → mayShare, in the transaction of tokens
 *   ask       Platform.mayShare, called by deliverShare
 *   deliver   Platform.deliverNow: token spent, state moved, history written
 *   withdraw  Platform.move to shareWithdrawn
 *   lock      Platform.SetLocks
 *
 * -DASK_BEFORE   whether it may be fetched is asked in a transaction before
 * -DASK_AT_TOKEN it is asked when the token is given, and never again
 */
#define TOKENS 2

bool busy;                        /* a transaction runs */
bool withdrawn, eid, account;     /* sharing.State, Account.EIDLocked, Account.AccountLocked */
bool token[TOKENS];               /* tableTokens */
byte delivered;

#define begin  atomic { !busy -> busy = true }
#define commit busy = false
#define may    (!withdrawn && !eid && !account)

proctype Client(byte i) {
	bool ok;
	begin;
	ok = may;
	atomic {
		if
		:: ok -> token[i] = true; printf("STEP client %d: token\n", i)
		:: else -> printf("STEP client %d: no token\n", i)
		fi;
		commit
	}
	if
	:: !ok -> goto end
	:: else
	fi;
#ifdef ASK_BEFORE
	begin;
	ok = may;
	atomic { printf("STEP client %d: ask %d\n", i, ok); commit }
	begin;
#elif defined(ASK_AT_TOKEN)
	begin;
#else
	begin;
	atomic { ok = may; printf("STEP client %d: ask %d\n", i, ok) }
#endif
	ok = ok && token[i];
	token[i] = false;
	atomic {
		if
		:: ok ->
			printf("STEP client %d: deliver\n", i);
			delivered++;
			assert(may)       /* the property: what has committed before lets it out */
		:: else -> printf("STEP client %d: nothing\n", i)
		fi;
		commit
	}
end:	skip
}

proctype Citizen() {
	begin;
	atomic { withdrawn = true; printf("STEP citizen: withdraw\n"); commit }
}

proctype Officer() {
	byte n;
	for (n : 1 .. 3) {
		begin;
		atomic {
			if
			:: eid = !eid; printf("STEP officer: eid %d\n", eid)
			:: account = !account; printf("STEP officer: account %d\n", account)
			fi;
			commit
		}
	}
}

init { atomic { run Client(0); run Client(1); run Citizen(); run Officer() } }
