-- One presentation, decided in one atomic step.
--
-- KEYS  1 the epoch: a hash {tenure, begin, newest}; 2 the thing presented
-- ARGV  1 a number drawn for this call alone; 2 issued; 3 until; 4 skew
-- Times are milliseconds of this server's clock since 1970.
-- Reply {ARGV[1], word, milliseconds}: the echo binds the reply to its call.
local call, issued, till, skew = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

-- Who keeps the memory: this process (run_id), since it last became a primary or
-- took over another's data (master_replid). A restart that loads an old snapshot
-- and a failover to a replica that lags leave the epoch's key in place, so the key
-- alone would not tell. Redis 7.0 draws a new master_replid at each start as well,
-- but its documentation promises that only for one without data.
local run = string.match(redis.call('INFO', 'server'), '\nrun_id:(%x+)')
local replication = string.match(redis.call('INFO', 'replication'), '\nmaster_replid:(%x+)')
if not run or not replication then return {call, 'nameless', 0} end
local tenure = run .. replication

local epoch = redis.call('HMGET', KEYS[1], 'tenure', 'begin', 'newest')
local begin, newest = tonumber(epoch[2]), tonumber(epoch[3])
local same = epoch[1] == tenure and begin ~= nil

local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if newest and now < newest then now = newest end -- a clock set back reopens nothing

-- A new epoch, and a new second of an old one: whoever changed the policy in
-- between is found out soon, at the price of one look a second.
if not same or not newest or now >= newest + 1000 then
	local policy = string.match(redis.call('INFO', 'memory'), '\nmaxmemory_policy:([%w-]+)')
	if policy ~= 'noeviction' then return {call, 'evicts', 0} end
	if not same then begin = now end
	redis.call('HSET', KEYS[1], 'tenure', tenure, 'begin', string.format('%.0f', begin), 'newest', string.format('%.0f', now))
end

-- A call that the client repeats, because the reply was lost, finds its own number.
local by = redis.call('GET', KEYS[2])
if by == call then return {call, 'first', 0} end
if by then return {call, 'again', 0} end

-- The entry would be gone by now, so nobody can say that it never was there.
if now >= till + skew then return {call, 'late', now} end
if issued < begin + skew then return {call, 'early', math.max(0, begin + skew - now)} end

redis.call('SET', KEYS[2], call, 'PXAT', string.format('%.0f', till + skew))
return {call, 'first', 0}
