-- One revocation, or one look at them, in one atomic step.
--
-- KEYS  1 the epoch: a hash {tenure, begin, newest}; the others what is ended, or
--       what a login could have been ended by
-- ARGV  1 a number drawn for this call alone; 2 skew; 3 the login's time; 4 until
--       when to remember, empty for a look
-- Times are milliseconds of this server's clock since 1970, but for 3: microseconds.
-- Reply {ARGV[1], word}: the echo binds the reply to its call.
local call, skew, at, till = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

-- Who keeps the memory: this process, since it last became a primary or took over
-- another's data. See vneidredis.
local run = string.match(redis.call('INFO', 'server'), '\nrun_id:(%x+)')
local replication = string.match(redis.call('INFO', 'replication'), '\nmaster_replid:(%x+)')
if not run or not replication then return {call, 'nameless'} end
local tenure = run .. replication

local epoch = redis.call('HMGET', KEYS[1], 'tenure', 'begin', 'newest')
local begin, newest = tonumber(epoch[2]), tonumber(epoch[3])
local same = epoch[1] == tenure and begin ~= nil

local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if newest and now < newest then now = newest end -- a clock set back reopens nothing

if not same or not newest or now >= newest + 1000 then
	local policy = string.match(redis.call('INFO', 'memory'), '\nmaxmemory_policy:([%w-]+)')
	if policy ~= 'noeviction' then return {call, 'evicts'} end
	if not same then begin = now end
	redis.call('HSET', KEYS[1], 'tenure', tenure, 'begin', string.format('%.0f', begin), 'newest', string.format('%.0f', now))
end

if till then
	local ends = till + skew
	local old = tonumber(redis.call('GET', KEYS[2]))
	if old then -- an earlier revocation takes nothing back
		at = math.max(at, old)
		ends = math.max(ends, now + redis.call('PTTL', KEYS[2]))
	end
	if ends > now then redis.call('SET', KEYS[2], string.format('%.0f', at), 'PXAT', string.format('%.0f', ends)) end
	return {call, 'done'}
end

for i = 2, #KEYS do
	local ended = tonumber(redis.call('GET', KEYS[i]))
	if ended and at <= ended then return {call, 'ended'} end
end
-- It might have been ended in an epoch that nobody remembers.
if at < (begin + skew) * 1000 then
	if now < begin + skew then return {call, 'begun'} end
	return {call, 'early'}
end
return {call, 'goes on'}
