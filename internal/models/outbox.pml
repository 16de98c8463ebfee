/* What happened is told, whatever breaks.
 *
 * The platform locks and unlocks a card three times. Each change enters its event in the
 * same transaction; an event waits there until the relying party has answered that it
 * has it, and is pushed again until then. Either side may crash between any two steps.
 * When nothing waits any more, both sides agree.
 *
 *   change   Platform.SetLocks → happened, in one transaction
 *   push     Platform.push1, in whatever order
 *   apply    Ledger.Apply, durable when it returns; events.Receiver.take
 *   answer   202 of Receiver.Push, or the ack of Receiver.Poll
 *   forget   Platform.acknowledge
 *
 * -DEVENT_LATER  the event is entered in a transaction after the change
 * -DACK_FIRST    the relying party answers before its ledger has the event
 */
#define CHANGES 3
#define CRASHES 2

bool eid;                         /* the platform: Account.EIDLocked */
byte seq, changes, crashes;
bool waits[CHANGES + 1];          /* tableEvents, by seq */
bool locks[CHANGES + 1];          /* what the event says */
bool reid;                        /* the relying party */
byte rseq;

inline apply(n) {
	atomic {
		if
		:: n > rseq -> reid = locks[n]; rseq = n
		:: else
		fi;
		printf("STEP relying party: apply %d\n", n)
	}
}

#define we_crash  if :: crashes < CRASHES -> atomic { crashes++; printf("STEP platform: crash\n"); goto next } :: true fi
#define they_crash if :: crashes < CRASHES -> atomic { crashes++; printf("STEP relying party: crash\n"); goto next } :: true fi

active proctype Both() {
	byte n;
next:
	do
	:: changes < CHANGES ->
		changes++;
#ifdef EVENT_LATER
		atomic { eid = !eid; printf("STEP platform: change %d\n", eid) }
		we_crash;
		atomic { seq++; locks[seq] = eid; waits[seq] = true; printf("STEP platform: enter %d\n", seq) }
#else
		atomic { eid = !eid; seq++; locks[seq] = eid; waits[seq] = true; printf("STEP platform: change %d\n", eid) }
#endif
		we_crash
	:: waits[1] || waits[2] || waits[3] ->
		if
		:: waits[1] -> n = 1
		:: waits[2] -> n = 2
		:: waits[3] -> n = 3
		fi;
		printf("STEP platform: push %d\n", n);
		we_crash;
#ifdef ACK_FIRST
		atomic { waits[n] = false; printf("STEP relying party: answer %d\n", n) }
		they_crash;
		apply(n)
#else
		they_crash;
		apply(n);
		they_crash;
		printf("STEP relying party: answer %d\n", n);
		we_crash;
		atomic { waits[n] = false; printf("STEP platform: forget %d\n", n) }
#endif
	:: changes == CHANGES && !waits[1] && !waits[2] && !waits[3] ->
		assert(reid == eid);
		break
	od
}
