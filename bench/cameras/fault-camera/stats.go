package main

import (
	"sync"
	"time"
)

// Access units whose times are kept.
const sentMax = 5000

// sentUnit is the index of an access unit in the clip, and the time at which it was sent.
type sentUnit struct {
	Index int   `json:"index"`
	AtMs  int64 `json:"at_ms"`
}

// report is what clients did, and the access units that were sent last.
type report struct {
	Sessions   int        `json:"sessions"`
	Active     int        `json:"active"`
	MostActive int        `json:"most_active"`
	Refused    int        `json:"refused"`
	Sent       []sentUnit `json:"sent"`
}

type stats struct {
	mutex  sync.Mutex
	report report
}

func (s *stats) opened() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.report.Sessions++
	s.report.Active++
	s.report.MostActive = max(s.report.MostActive, s.report.Active)
}

func (s *stats) closed() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.report.Active--
}

func (s *stats) refused() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.report.Refused++
}

func (s *stats) sent(index int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.report.Sent = append(s.report.Sent, sentUnit{index, time.Now().UnixMilli()})
	if len(s.report.Sent) > sentMax {
		s.report.Sent = s.report.Sent[1:]
	}
}

func (s *stats) read() report {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	copied := s.report
	copied.Sent = append([]sentUnit{}, s.report.Sent...)
	return copied
}
