/* Every delivery has one consent and one row in the history, whatever breaks.
 *
 * The platform may crash between any two steps; what a transaction wrote is lost then
 * unless it has committed, and the browser and the client try again. A bundle is sent
 * when it leaves the process, which no crash takes back.
 *
 *   decide   Platform.decideSelf: the consent, in the interaction's transaction
 *   code     Platform.finish: the code, in a transaction after it
 *   token    Platform.spend → firstTokens: the code spent, the token minted
 *   fetch    Platform.deliverShare: token spent, state moved, history written
 *   send     handleBundle writes the body
 *
 * -DHISTORY_LATER  the row is written in a transaction after the bundle was sent
 * -DSPEND_LATER    so is the spending of the token
 * -DCODE_FIRST     the code is minted before the consent has committed
 */
#define CRASHES 2

mtype = { deciding, coding, committing_code, minting, committing_token, fetching, writing_history, committing_fetch, sending, late_history, late_spending };

bool consent, code, token;        /* committed */
byte rows;
bool xconsent, xcode, xtoken;     /* as the transaction sees them */
byte xrows;
byte sent, crashes;
bool started;                     /* the person has answered the page */

#define begin    d_step { xconsent = consent; xcode = code; xtoken = token; xrows = rows }
#define commit   d_step { consent = xconsent; code = xcode; token = xtoken; rows = xrows }

/* Between any two steps the process may die. */
#define or_crash(step) if :: crashes < CRASHES -> atomic { crashes++; printf("STEP platform: crash before %e\n", step); goto restart } :: true fi

active proctype Platform() {
restart:
	atomic { xconsent = false; xcode = false; xtoken = false; xrows = 0 }
#ifdef CODE_FIRST
	if
	:: !code && !started ->
		started = true;
		begin; xcode = true; or_crash(coding);
		atomic { commit; printf("STEP platform: code\n") }
		or_crash(deciding);
		begin; xconsent = true;
		atomic { commit; printf("STEP platform: decide\n") }
	:: else
	fi;
#else
	if
	:: !consent -> /* the page is still there, and the person answers again */
		begin; xconsent = true; or_crash(deciding);
		atomic { commit; printf("STEP platform: decide\n") }
	:: else
	fi;
	or_crash(coding);
	if
	:: !code && !started ->
		begin; xcode = true; or_crash(committing_code);
		atomic { started = true; commit; printf("STEP platform: code\n") }
	:: else
	fi;
#endif
	or_crash(minting);
	if
	:: code ->
		begin; xcode = false; or_crash(minting); xtoken = true; or_crash(committing_token);
		atomic { commit; printf("STEP platform: token\n") }
	:: else
	fi;
	or_crash(fetching);
	if
	:: !token -> goto end /* the client has nothing to fetch with, any more */
	:: else
	fi;
	begin;
#ifndef SPEND_LATER
	xtoken = false;
	or_crash(writing_history);
#endif
#ifndef HISTORY_LATER
	xrows++;
	or_crash(committing_fetch);
#endif
	atomic { commit; printf("STEP platform: fetch\n") }
	or_crash(sending);
	atomic { sent++; printf("STEP platform: send\n"); assert(consent) }
#ifdef HISTORY_LATER
	or_crash(late_history);
	begin; xrows++;
	atomic { commit; printf("STEP platform: history\n") }
#endif
#ifdef SPEND_LATER
	or_crash(late_spending);
	begin; xtoken = false;
	atomic { commit; printf("STEP platform: spend\n") }
#endif
end:
	/* One consent lets one bundle out; each that left is in the history, once. */
	assert(sent <= rows && sent <= 1 && rows <= 1)
}
