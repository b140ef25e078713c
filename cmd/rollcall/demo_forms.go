package main

// What people write in the demo's month: notes, forms, rulings and figures.

import (
	"slices"
	"time"

	"rollcall/hall"
)

const (
	demoInspector  = "9002"
	demoSupervisor = "9001"
)

// patrols notes what an inspector saw in a round.
func (m *monthMaker) patrols(day int, session, clock string) {
	note := func(kind, clock string, f fields) hall.UID {
		f["inspector"], f["kind"], f["channel"] = demoInspector, kind, "patrol"
		return m.add(hall.KindPatrol, "patrol", demoClock(time.November, day, clock), f)
	}
	if session == "morning" {
		for _, s := range demoStandIns {
			if slices.Contains(s.days, day) {
				note(hall.Late, "08:42", fields{"window": s.window, "stand_in": true, "note": "替岗人员上班迟到"})
			}
		}
	}
	switch {
	case day == 13 && session == "morning":
		note("phone_use", "10:20", fields{"person": demoOf("power", 0), "window": "power", "note": "看短视频", "evidence": []string{"video/13-1020"}})
		note("phone_use", "10:24", fields{"person": demoOf("seals", 0), "window": "seals"})
	case day == 18 && session == "afternoon":
		chat := note("chatting", clock, fields{"person": demoOf("labour", 1), "window": "labour"})
		m.add(hall.KindRuling, "office", demoClock(time.November, 19, "10:00"), fields{
			"on": chat, "state": hall.Rejected, "by": demoSupervisor, "reason": "当时在向办事群众解释政策，不属聚堆聊天",
		})
	case day == 26 && session == "morning":
		note(hall.PatrolPraise, clock, fields{"person": demoOf("estate", 0), "window": "estate", "note": "主动引导老年群众"})
	default:
		note(hall.PatrolClear, clock, fields{})
	}
}

// forms are an excuse for everybody and a correction.
func (m *monthMaker) forms() {
	m.add(hall.KindExcuse, "desk", demoClock(time.November, 17, "09:30"), fields{
		"from": demoClock(time.November, 17, "08:00"), "until": demoClock(time.November, 17, "08:50"), "reason": "大厅停电，考勤机无法使用",
	})
	m.add(hall.KindCorrection, "desk", demoClock(time.November, 20, "14:30"), fields{
		"person": demoOf("gas", 0), "at": demoClock(time.November, 20, "12:03"), "reason": "official", "approved_by": demoSupervisor,
	})
}

// figures are the numbers and texts of the bulletin.
func (m *monthMaker) figures() {
	at := demoClock(time.December, 2, "10:00")
	for _, b := range demoBonus {
		m.add(hall.KindBonus, "desk", at, fields{
			"month": demoMonth, "windows": b.windows, "kind": b.kind, "count": b.count, "status": "verified",
		})
	}
	m.add(hall.KindCases, "desk", demoClock(time.November, 2, "10:00"), fields{
		"month": "2020-10", "accepted": 3042, "completed": 3042, "on_time": 3042,
	})
	for _, w := range demoWindows {
		m.add(hall.KindCases, "desk", at, fields{
			"month": demoMonth, "window": w.id, "accepted": w.cases, "completed": w.cases, "on_time": w.cases,
		})
	}
	m.add(hall.KindFigure, "desk", at, fields{"month": demoMonth, "name": "工程建设项目申报", "value": 7, "unit": "件"})
	m.add(hall.KindFigure, "desk", at, fields{"month": demoMonth, "name": "好差评好评率", "value": 99.6, "unit": "%"})
	m.add(hall.KindFigure, "desk", at, fields{"month": demoMonth, "name": "一张网考核排名", "value": "第2", "of": 7})
	m.add(hall.KindText, "desk", at, fields{"month": demoMonth, "section": "focus", "items": []string{
		"召开窗口工作人员例会，通报上月大厅运行情况。", "增设人力资源服务窗口，为园区企业提供招聘和培训服务。",
	}})
	m.add(hall.KindText, "desk", at, fields{"month": demoMonth, "section": "next_month", "items": []string{
		"扩大“一窗受理”范围，企业办事只进一扇门。", "做好年末办件高峰的窗口值守。",
	}})
	m.add(hall.KindAward, "office", demoClock(time.December, 3, "16:00"), fields{
		"month": demoMonth, "title": "优秀服务窗口", "by": "大厅考评小组", "reason": "量化考评与评议相结合",
		"windows": []hall.WindowID{"estate", "environment", "market", "water-union"},
	})
}
