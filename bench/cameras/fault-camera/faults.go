package main

import (
	"sync"
	"time"
)

// activeFaults are the faults of one moment.
type activeFaults struct {
	stalls, isStill, isCorrupt bool
	// Whether the RTP clock starts again at zero.
	reset        bool
	jump         time.Duration
	lossPermille int
}

// faults are set over HTTP, and read for each access unit.
type faults struct {
	mutex                                 sync.Mutex
	stallsUntil, stillUntil, corruptUntil time.Time
	pending                               activeFaults
}

func (f *faults) set(change func(*faults)) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	change(f)
}

func (f *faults) at(now time.Time) activeFaults {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	active := f.pending
	f.pending.reset = false
	active.stalls = now.Before(f.stallsUntil)
	active.isStill = now.Before(f.stillUntil)
	active.isCorrupt = now.Before(f.corruptUntil)
	return active
}
