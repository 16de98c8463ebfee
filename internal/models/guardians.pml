/* Where two must agree, nothing goes out with one approval.
 *
 * A child of 7 to under 16 and a representative decide, each in a session of their own
 * and perhaps twice; the client fetches as soon as it can; either may take it back.
 *
 *   approve  Platform.decideSelf of the child, Platform.DecideShare of the representative
 *   refuse   Platform.refuseShare
 *   deliver  Platform.mayShare, which lets only a request out that Platform.decided has
 *            opened, when approval.Missing found every role's own decision
 *
 * -DCOUNTED  approvals are counted, whoever gave them
 * -DFIRST    the first approval opens the request
 */
bool busy;
bool by[2];                       /* who approved: 0 the child, 1 the representative */
byte count;
bool refused;
byte delivered;

#define begin  atomic { !busy -> busy = true }
#define commit busy = false

proctype Approver(byte i) {
	byte n;
	for (n : 0 .. 1) {
		begin;
		atomic {
			if
			:: !refused -> by[i] = true; count++; printf("STEP approver %d: approve\n", i)
			:: !refused -> refused = true; printf("STEP approver %d: refuse\n", i)
			:: refused -> printf("STEP approver %d: too late\n", i)
			fi;
			commit
		}
	}
}

proctype Client() {
	byte n;
	bool ok;
	for (n : 0 .. 2) {
		begin;
#ifdef COUNTED
		ok = count >= 2 && !refused;
#elif defined(FIRST)
		ok = count >= 1 && !refused;
#else
		ok = by[0] && by[1] && !refused;
#endif
		atomic {
			if
			:: ok && delivered == 0 -> delivered++; printf("STEP client: deliver\n"); assert(by[0] && by[1] && !refused)
			:: else -> printf("STEP client: nothing\n")
			fi;
			commit
		}
	}
}

init { atomic { run Approver(0); run Approver(1); run Client() } }
