// Package naivetest is a second judge, written from the pages of the contract alone and used by tests only. It
// reads lines as generic JSON, judges every person, day and planned punch in the most literal way, and prints
// the document of contract 10; the product's answer must be the same. It shares no code with the product and
// never should: two programs that agree are a proof only as long as nobody copies. It also draws months
// (Month) and compares documents (Diff).
//
// # Readings
//
// Where the contract is silent or can be read in two ways, this judge takes the most literal reading. A
// difference to the product that comes from one of these is a question for the contract, not yet a fault.
//
// Lines and events
//
//  1. A line whose data is missing or no object, or whose body is over 64 KiB, has field null. Without JSON
//     subject is "". A line of another hall is passed over even if it is bad, as long as its subject is well formed.
//  2. An image or long string names the top-level field that holds it, also inside lists and objects; of two
//     such fields the first by name. Keys are not looked at; 4 KiB are 4096 bytes of UTF-8; a data: URL is a string
//     that begins with "data:". Seals are exempt from both.
//  3. The order of checks is image, subject and kind, id, time, then the table. A span that ends before it begins
//     is the fault of `until`, also of a patrol's time..until. Of a bonus with neither windows nor person the field
//     is windows, with neither month nor date it is month.
//  4. An id that is null or "" is bad. A required field that is empty is missing. unnamed, count and the case figures are whole
//     numbers from 0. roles, state, reason of a correction and status take no other words. Roster and calendar dates
//     are dates only. rectify_by, rectified and of have no type.
//  5. Control characters in a canonical body take JSON's short escapes where there are any, else \u00xx in lower case.
//  6. A policy event whose document has no hall, zone or effective date is dead with field policy; nothing else of
//     a document is checked here.
//  7. conflicts and dead are not tied to a month. A ruling that took an event away leaves its conflict listed. Two bodies of a
//     punch with the same uid, person and time are one punch, the one with the smaller hash.
//
// Unresolved
//
//  8. Each event stands once; of several faults the first of kind, person, window counts for every kind of event;
//     of windows the first as sent. Neither person nor window named: value null.
//  9. A leave is unresolved in a month when the policy of some day that it touches there does not name its kind. A
//     leave of such a kind does nothing, on the days concerned: no cover, no contradiction, no effect on full attendance.
//  10. Findings before the first policy are neither judged nor unresolved. Punches, leaves and corrections of unknown
//     people are listed there too.
//  11. Of the rulings on one unknown event the latest is listed, as of case figures only those that hold.
//     An `on` that is no violation id and no known uid, whatever its form, is an unknown event.
//  12. A class that the policy does not name neither punches nor is ranked.
//
// Day
//
//  13. A date end of a span bears on the sessions that start on its days, whole, wherever they end; a finding is under such
//     a leave by its own date (02:00 of a night belongs to the day before).
//  14. A leave that reaches an edge without moving it (12:00-14:30 over an end at 12:00) has not moved it: covered_by is null and
//     no punch is lent. Of joined leaves covered_by is the smallest uid of those that hold the planned time.
//  15. "Several" means of different minutes in both loans. A removed edge takes no loan, but its own band may lend.
//  16. An excuse that names windows and persons is for both.
//  17. The next planned punch after a night is that of the person's next due day. Without one the band ends 6 hours after
//     the session's end. Yesterday counts only when it was due and judged. A session given for a note puts it into
//     yesterday only when it is that session's name; for notes yesterday need not be due.
//  18. A given band closes and begins by itself; the computed bands beside it are not cut, it only goes before them.
//  19. Pending ends exactly `wait` after the band's end. Heard within 7 days includes both ends; punches speak with their minute.
//     Retired is the terminal's last state, whenever the band ended.
//  20. Steps of which none is reached cost nothing.
//  21. covered_by and due of a planned punch that is both moved and excused are the leave's.
//
// Findings and rulings
//
//  22. A stand-in's note with unnamed: n is @w+, not @w*, has unnamed n and costs n times. stand_in of the class counts from the row
//     of the note's date. The window given goes before that of the person's row.
//  23. Only a person who pays can be contradicted. A class that does not punch does not make the timetable idle.
//  24. Of merged punctuality notes minutes and unnamed come from those of the kind that stands. Minutes of a milder terminal
//     offence are lost.
//  25. Marked appealed: the latest ruling on the id or on any remaining proof is an appeal. The state is still the id's.
//  26. A contested violation shows its plain points: no limit, tolerance or factor. A ruling on its id takes it away as well.
//  27. The limit of a session is that of the day's policy; a violation that a ruling took away has not paid.
//  28. A session that the timetable does not know comes after the known ones of its day in the order of the month.
//
// Month and assessment
//
//  29. Corrections, tolerance, repeats, categories, caps and lists follow the month's last version; points, shares, steps,
//     veto and breaks_full_attendance that of the violation's day; leave kinds that of the day.
//  30. Tolerance and punctuality's repeat count their kinds together. Repeat counts @w, @w+ and @w* as three subjects.
//  31. The first seal is the earliest made complete issue of the month; a correction made in the same second still counts.
//     The seal's month is that of the planned date. A correction may be made before its day.
//  32. Staff are all who are on the roster on a judged day; name, class and window are of the row of the last due day. Lists
//     of pending and days sort by that window too, not by the day's.
//  33. The reasons for leaving out are asked in the order class, not_due, min_days.
//  34. A share of a chief representative counts in the category of its kind. violations keep their points when a
//     category is full.
//  35. A floor holds after bonus. Halves of negative numbers are rounded up, towards zero.
//  36. An award event without windows gives no award. It asks no veto. More awards than windows: all without veto.
//  37. A month's figure beats dates of the same window and category only. Figures of a month before the first policy are read by that one.
//     Without any figure the total is 0. The growth is null when the month before has no figure or 0. Windows with a figure of 0 may be in top.
//  38. Bonus lines of the same number and kind sort by their windows' ids; a person without a place in the month comes last. Windows
//     named twice count once.
//  39. sealed shows the last complete issue with the time it was made; changed_since is not computed and stays null.
package naivetest
