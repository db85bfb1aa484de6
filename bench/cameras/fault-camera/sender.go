package main

import (
	"log"
	"math/rand"
	"time"

	"github.com/pion/rtp"
)

const clockRate = 90_000

// The first timestamp wraps around after two seconds.
const firstTimestamp = ^uint32(0) - 2*clockRate

// send sends the access units of the clip at their times, without end.
func (c *camera) send() {
	var clock rtpClock
	clip, interval := c.config.clip, time.Second/time.Duration(c.config.fps)
	start := time.Now()
	for number := 0; ; number++ {
		time.Sleep(time.Until(start.Add(time.Duration(number) * interval)))
		index := number % len(clip.units)
		unit := clip.units[index]
		faults := c.faults.at(time.Now())
		if faults.reset {
			clock.reset(number)
		}
		if faults.stalls {
			continue
		}
		if faults.isStill {
			// It begins a sequence of its own, also after itself.
			unit = clip.units[0]
		}
		if faults.isCorrupt {
			unit = corrupted(unit)
		}
		c.stats.sent(index)
		c.sendUnit(unit, clock.timestamp(number, c.config.fps, faults.jump), faults.lossPermille)
	}
}

func (c *camera) sendUnit(unit accessUnit, timestamp uint32, lossPermille int) {
	packets, err := c.config.clip.encode(unit)
	if err != nil {
		log.Printf("fault-camera: %v", err)
		return
	}
	for _, packet := range packets {
		packet.Timestamp = timestamp
		if rand.Intn(1000) >= lossPermille {
			c.sendPacket(packet)
		}
	}
}

// sendPacket ignores errors, which closed streams return.
func (c *camera) sendPacket(packet *rtp.Packet) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	_ = c.stream.WritePacketRTP(c.video, packet)
}

// rtpClock gives timestamps to access units.
type rtpClock struct {
	// Number of the access unit whose timestamp is zero, after a reset.
	zero    int
	isReset bool
}

func (k *rtpClock) reset(number int) { k.zero, k.isReset = number, true }

func (k *rtpClock) timestamp(number, fps int, jump time.Duration) uint32 {
	ticks := int64(number-k.zero)*clockRate/int64(fps) + jump.Milliseconds()*clockRate/1000
	if k.isReset {
		return uint32(ticks)
	}
	return firstTimestamp + uint32(ticks)
}

// corrupted returns an access unit with the headers of its NAL units and invalid content.
func corrupted(unit accessUnit) accessUnit {
	const headerBytes = 3
	var copies accessUnit
	for _, nal := range unit {
		copied := append([]byte(nil), nal...)
		for i := headerBytes; i < len(copied); i++ {
			copied[i] = 0x55
		}
		copies = append(copies, copied)
	}
	return copies
}
