package main

import (
	"encoding/json"
	"log"
	"net/http"
	"strconv"
	"time"
)

// controlHandler sets faults: POST /FAULT?value=NUMBER. Durations are in milliseconds.
func controlHandler(camera *camera) http.Handler {
	mux := http.NewServeMux()
	set := func(name string, apply func(value int64)) {
		mux.HandleFunc("POST /"+name, func(w http.ResponseWriter, r *http.Request) {
			value, err := strconv.ParseInt(r.FormValue("value"), 10, 64)
			if err != nil {
				http.Error(w, "value is not an integer", http.StatusBadRequest)
				return
			}
			apply(value)
		})
	}
	change := func(name string, apply func(faults *faults, value int64)) {
		set(name, func(value int64) {
			camera.faults.set(func(faults *faults) { apply(faults, value) })
		})
	}
	change("stall", func(f *faults, ms int64) { f.stallsUntil = time.Now().Add(milliseconds(ms)) })
	change("still", func(f *faults, ms int64) { f.stillUntil = time.Now().Add(milliseconds(ms)) })
	change("corrupt", func(f *faults, ms int64) { f.corruptUntil = time.Now().Add(milliseconds(ms)) })
	change("jump", func(f *faults, ms int64) { f.pending.jump += milliseconds(ms) })
	change("reset", func(f *faults, _ int64) { f.pending.reset, f.pending.jump = true, 0 })
	change("loss", func(f *faults, permille int64) { f.pending.lossPermille = int(permille) })
	set("disconnect", func(int64) { camera.disconnect() })
	// Responds after the return.
	set("away", func(ms int64) {
		if err := camera.leave(milliseconds(ms)); err != nil {
			log.Fatalf("fault-camera: %v", err)
		}
	})
	mux.HandleFunc("GET /stats", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(camera.stats.read())
	})
	return mux
}

func milliseconds(count int64) time.Duration { return time.Duration(count) * time.Millisecond }
