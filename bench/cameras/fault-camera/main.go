// Command fault-camera is an RTSP camera for tests. It repeats a video without end, and produces the
// faults that are requested over HTTP. It ends with its standard input.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/bluenviron/gortsplib/v4/pkg/auth"
)

var authMethods = map[string]auth.VerifyMethod{
	"basic":  auth.VerifyMethodBasic,
	"md5":    auth.VerifyMethodDigestMD5,
	"sha256": auth.VerifyMethodDigestSHA256,
}

func main() {
	if err := run(); err != nil {
		log.Fatalf("fault-camera: %v", err)
	}
}

func run() error {
	config, err := readConfig()
	if err != nil {
		return err
	}
	camera, err := startCamera(config)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ready := map[string]string{"rtsp": camera.address(), "control": listener.Addr().String()}
	if err := json.NewEncoder(os.Stdout).Encode(ready); err != nil {
		return err
	}
	go endWithInput()
	go camera.send()
	return http.Serve(listener, controlHandler(camera))
}

func readConfig() (config, error) {
	file := flag.String("file", "", "Annex B file whose access units begin with delimiters")
	codec := flag.String("codec", "h264", "h264 or h265")
	fps := flag.Int("fps", 25, "access units per second")
	username := flag.String("username", "", "user name; empty: no credentials are required")
	password := flag.String("password", "", "password")
	method := flag.String("auth", "md5", "basic, md5 or sha256")
	redirect := flag.String("redirect", "", "URL to which DESCRIBE redirects")
	certificate := flag.String("cert", "", "PEM file of the certificate for rtsps")
	key := flag.String("key", "", "PEM file of its key")
	flag.Parse()
	verify, ok := authMethods[*method]
	if !ok || (*codec != "h264" && *codec != "h265") || *fps <= 0 || flag.NArg() > 0 {
		flag.Usage()
		return config{}, errors.New("invalid arguments")
	}
	clip, err := readClip(*file, *codec)
	return config{
		clip: clip, fps: *fps,
		username: *username, password: *password, method: verify,
		redirect: *redirect, certificate: *certificate, key: *key,
	}, err
}

func endWithInput() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}
