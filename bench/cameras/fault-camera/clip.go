package main

import (
	"bytes"
	"fmt"
	"os"

	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"
	"github.com/pion/rtp"
)

// accessUnit is a coded frame: its NAL units without start codes.
type accessUnit = [][]byte

type clip struct {
	units []accessUnit
	// Format of the SDP, with the parameter sets.
	format format.Format
	encode func(accessUnit) ([]*rtp.Packet, error)
}

// readClip reads a video. Parameter sets are left out of its access units, so that clients get them by the
// SDP alone, as from many cameras.
func readClip(file, codec string) (clip, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return clip{}, err
	}
	nals := splitNALs(data)
	if codec == "h265" {
		return h265Clip(nals)
	}
	return h264Clip(nals)
}

func h264Clip(nals [][]byte) (clip, error) {
	video := &format.H264{PayloadTyp: 96, PacketizationMode: 1}
	typeOf := func(nal []byte) int { return int(nal[0] & 0x1f) }
	sets := map[int]*[]byte{
		int(h264.NALUTypeSPS): &video.SPS, int(h264.NALUTypePPS): &video.PPS,
	}
	return newClip(video, nals, nalTypes{typeOf, int(h264.NALUTypeAccessUnitDelimiter), sets})
}

func h265Clip(nals [][]byte) (clip, error) {
	video := &format.H265{PayloadTyp: 96}
	typeOf := func(nal []byte) int { return int(nal[0]>>1) & 0x3f }
	sets := map[int]*[]byte{
		int(h265.NALUType_VPS_NUT): &video.VPS,
		int(h265.NALUType_SPS_NUT): &video.SPS,
		int(h265.NALUType_PPS_NUT): &video.PPS,
	}
	return newClip(video, nals, nalTypes{typeOf, int(h265.NALUType_AUD_NUT), sets})
}

// nalTypes are the types of the NAL units of a codec.
type nalTypes struct {
	of        func(nal []byte) int
	delimiter int
	// Fields of the format for the parameter sets, by their type.
	sets map[int]*[]byte
}

type unitEncoder interface {
	Encode(accessUnit) ([]*rtp.Packet, error)
}

// packetFormat is a format of the SDP with an encoder of its own type.
type packetFormat[E unitEncoder] interface {
	format.Format
	CreateEncoder() (E, error)
}

// newClip collects the access units of a clip, and completes its format.
func newClip[E unitEncoder](video packetFormat[E], nals [][]byte, types nalTypes) (clip, error) {
	units, err := collectUnits(nals, types)
	if err != nil {
		return clip{}, err
	}
	encoder, err := video.CreateEncoder()
	if err != nil {
		return clip{}, err
	}
	return clip{units, video, encoder.Encode}, nil
}

// splitNALs splits Annex B; a start code is not part of a NAL unit, and a NAL unit does not end with
// a zero byte.
func splitNALs(data []byte) [][]byte {
	var nals [][]byte
	for _, part := range bytes.Split(data, []byte{0, 0, 1}) {
		if nal := bytes.TrimRight(part, "\x00"); len(nal) > 1 {
			nals = append(nals, nal)
		}
	}
	return nals
}

// collectUnits collects NAL units into access units, and stores the parameter sets in `types.sets`.
func collectUnits(nals [][]byte, types nalTypes) ([]accessUnit, error) {
	var units []accessUnit
	for _, nal := range nals {
		nalType := types.of(nal)
		set := types.sets[nalType]
		switch {
		case set != nil:
			*set = nal
		case nalType == types.delimiter:
			units = append(units, nil)
		case len(units) > 0:
			units[len(units)-1] = append(units[len(units)-1], nal)
		}
	}
	for nalType, set := range types.sets {
		if *set == nil || len(units) == 0 {
			return nil, fmt.Errorf("no access units, or no parameter set of type %d", nalType)
		}
	}
	return units, nil
}
