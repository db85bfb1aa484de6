package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/auth"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
)

type config struct {
	clip               clip
	fps                int
	username, password string
	method             auth.VerifyMethod
	redirect           string
	certificate, key   string
}

// camera serves a clip by RTSP over TCP.
type camera struct {
	config config
	faults faults
	stats  stats
	// mutex guards what follows: absences replace the server and its stream.
	mutex    sync.Mutex
	listener net.Listener
	server   *gortsplib.Server
	stream   *gortsplib.ServerStream
	video    *description.Media
	conns    map[*gortsplib.ServerConn]struct{}
}

func startCamera(config config) (*camera, error) {
	c := &camera{config: config, conns: map[*gortsplib.ServerConn]struct{}{}}
	return c, c.open("127.0.0.1:0")
}

// open listens at an address, and serves the clip there.
func (c *camera) open(address string) error {
	server := &gortsplib.Server{
		Handler:     c,
		RTSPAddress: address,
		AuthMethods: []auth.VerifyMethod{c.config.method},
		Listen: func(network, address string) (net.Listener, error) {
			listener, err := net.Listen(network, address)
			c.listener = listener
			return listener, err
		},
	}
	if c.config.certificate != "" {
		pair, err := tls.LoadX509KeyPair(c.config.certificate, c.config.key)
		if err != nil {
			return err
		}
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}}
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if err := server.Start(); err != nil {
		return err
	}
	c.server = server
	c.video = newMedia(description.MediaTypeVideo, c.config.clip.format)
	// Audio without packets comes first: a client must set up the video alone.
	audio := newMedia(description.MediaTypeAudio, &format.G711{MULaw: true, SampleRate: 8000, ChannelCount: 1})
	c.stream = &gortsplib.ServerStream{
		Server: server,
		Desc:   &description.Session{Medias: []*description.Media{audio, c.video}},
	}
	return c.stream.Initialize()
}

func newMedia(mediaType description.MediaType, content format.Format) *description.Media {
	return &description.Media{Type: mediaType, Formats: []format.Format{content}}
}

func (c *camera) address() string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.listener.Addr().String()
}

// leave closes all connections and the port, and opens the port again after some time.
func (c *camera) leave(absence time.Duration) error {
	address := c.address()
	c.mutex.Lock()
	server, stream := c.server, c.stream
	c.mutex.Unlock()
	stream.Close()
	server.Close()
	time.Sleep(absence)
	if err := c.open(address); err != nil {
		return fmt.Errorf("cannot return: %w", err)
	}
	return nil
}

// disconnect closes all connections.
func (c *camera) disconnect() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for conn := range c.conns {
		conn.Close()
	}
}
