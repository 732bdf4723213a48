import { stemOf } from "../records/words.ts";

/**
 * Words that programmers use for the same thing, a group a line. A question says "deleted" where the code says `remove`;
 * a word may be in several groups. General vocabulary only: what a project calls its own things its history tells.
 */
const groups = `
delete remove drop erase purge clear cleanup clean discard evict unlink obsolete prune destroy
create make build generate construct new produce allocate instantiate
add insert append push register attach include
change modify update edit alter mutate patch replace
get fetch retrieve obtain load
load read parse import
find search lookup locate resolve match query seek discover
parse read decode deserialize unmarshal scan tokenize lex interpret
write encode serialize marshal dump emit output print render stringify
convert transform translate map cast coerce turn
copy clone duplicate
move rename relocate
check verify validate ensure assert test inspect
compare equal diff same identical
sort order rank arrange
filter select exclude skip ignore omit
merge combine join concat concatenate union
split divide separate chunk partition
count number amount total size length
start begin launch boot init initialize setup bootstrap open
stop end close shutdown terminate exit quit abort kill finish
pause suspend wait block sleep delay
resume continue restart proceed
run execute invoke call perform
schedule cron timer interval periodic
retry again repeat attempt reattempt backoff
cancel abort interrupt
send emit dispatch publish post transmit deliver notify
receive accept consume handle process listen
subscribe observe watch listen monitor
connect connection socket link
disconnect close hangup drop
request req call query
response reply answer res
client visitor user peer caller remote consumer
server host backend listener daemon
address url uri ip host endpoint location
route router path endpoint url
redirect follow forward
proxy gateway forward
header field metadata
body payload content data
upload multipart form file
download fetch retrieve
cookie session
auth authentication authorization authenticate authorize credential login password permission access
user account member person
role permission privilege access policy acl
token key secret credential
encrypt cipher crypto decrypt tls ssl
hash digest checksum fingerprint
sign signature verify
hide mask redact secure sanitize obscure sensitive secret
escape sanitize quote encode
limit max maximum cap bound threshold quota restrict ceiling
min minimum least floor
error exception failure fault panic throw raise fail problem
catch rescue recover handle
warn warning deprecate deprecated
log logger logging trace record
debug trace inspect
config configuration setting option preference setup configure
default fallback standard initial
environment env variable
flag option argument switch parameter cli
command subcommand cli
argument parameter arg param
version release semver compatible compatibility
upgrade update migrate migration
install setup
dependency package module library plugin extension addon
plugin extension addon middleware hook
hook callback listener handler event
event signal trigger notification
callback handler listener closure
loop cycle circular recursion recursive iterate
nested depth deep level recursion
infinite endless forever loop cycle
suggest similar closest alternative nearest hint propose
mistyped typo misspelled similar unknown
compress gzip deflate zip brotli decompress inflate unpack encoding
archive tar zip
directory folder dir path
file document
symlink link symbolic
extension suffix ending
temporary temp tmp
output destination target
input source stdin
buffer queue pool
queue job task worker background
thread concurrent parallel worker goroutine async
lock mutex synchronize exclusive
atomic transaction commit rollback
cache memo memoize store cached
expire expiry expiration ttl stale timeout freshness old age
timeout deadline expire limit
future later upcoming schedule
date time timestamp datetime clock
now current today
duration interval period
memory allocate heap alloc
leak release free dispose
free release dispose destroy deallocate
open acquire
database db sql storage store persistence
table collection relation
row record entry item
column field attribute property
index key
query statement sql select
transaction commit
save store persist write
list array collection sequence items
map dictionary dict hash object table
set collection unique distinct
tree node hierarchy parent child
graph edge node vertex
string text str
number numeric integer int float
boolean bool flag
null nil none undefined missing empty absent
empty blank missing
type class kind
class object struct model
interface contract protocol trait
inherit extend subclass parent super
member property field attribute
name identifier id key label
id identifier key uuid
unique distinct duplicate
random rand seed
template view layout render
page document view
html markup dom
style css theme
component widget element
button click action
image picture photo icon
color colour
language locale i18n translation
translate localize i18n locale
character char letter rune
whitespace space blank trim indent
line row newline
wildcard glob pattern asterisk star
pattern regex regexp expression glob
regex regexp regular expression
prefix start begin
suffix end ending
first initial head
last final tail latest
case upper lower capital insensitive
priority order precedence importance
precedence priority wins override order
override overwrite replace supersede
allow permit enable accept
deny forbid reject refuse block disallow
enable activate on
disable deactivate off
visible public exported show display
hidden private internal hide
show display print render
warn alert notify
health status alive ready
metric counter gauge statistics stats
status state code
state status phase
status code http
slug address permalink url identifier
title heading name
graceful shutdown drain
crash panic die abort
overflow exceed large big huge
reduce shrink minimize minify
expand grow extend resize
refresh reload renew update
watch reload live
sync synchronize replicate
replica replication slave follower
master primary leader
cluster node shard
shard partition slot
broadcast publish pubsub
stream pipe flow
chunk piece segment part block
header prefix preamble
footer trailer
certificate cert tls ssl x509
origin cors source
dns resolve host name
port listen bind
bind attach listen
protocol http tcp
http https web
method verb function
function method procedure routine
decorate decorator wrap wrapper annotation
wrap wrapper decorate
inject injection dependency container
build compile bundle assemble
compile transpile build
bundle pack package
deploy release publish
test spec check
mock stub fake
benchmark performance speed
fast quick speed performance optimize
slow lazy delay
lazy deferred defer
eager immediate
callback async promise future await
async asynchronous await promise concurrent
sync synchronous blocking
visit traverse walk iterate crawl
walk traverse recursive visit
compute calculate evaluate
evaluate eval compute
simplify reduce normalize
normalize canonical standardize clean
format pretty layout style
indent format whitespace
comment annotation note
license copyright
feature capability
support handle compatible
experimental beta unstable
legacy old deprecated
rate throttle limit
throttle debounce limit rate
balance distribute round
weight priority score
score rank rating
vote rating like
feed rss atom
mail email smtp message
message msg notification text
invite invitation
comment reply discussion
share public link
group team organization
tag label category
draft unpublished
publish release public
`;

const related = new Map<string, Set<string>>();
for (const line of groups.trim().split("\n")) {
  const stems = [...new Set(line.split(" ").map(stemOf))];
  for (const stem of stems) {
    const others = related.get(stem) ?? new Set();
    related.set(stem, others);
    for (const other of stems) if (other !== stem) others.add(other);
  }
}

/** Stems that mean about the same as this one. */
export function synonymsOf(stem: string): ReadonlySet<string> {
  return related.get(stem) ?? none;
}

const none: ReadonlySet<string> = new Set();
