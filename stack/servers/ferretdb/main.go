// Command ferretdb serves the MongoDB wire protocol from SQLite files in one folder.
//
// FerretDB's own command refuses to start when it is built from its module; embedding it is the
// documented way.
package main

import (
	"context"
	"flag"
	"log"
	"log/slog"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	listen := flag.String("listen", "", "address to listen on, such as 127.0.0.1:27017")
	dir := flag.String("dir", "", "folder of the SQLite files; made when it is missing")
	flag.Parse()
	if *listen == "" || *dir == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := serve(*listen, *dir); err != nil {
		log.Fatalf("ferretdb: %v", err)
	}
}

func serve(listen, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	files := url.URL{Scheme: "file", Path: filepath.ToSlash(dir) + "/", OmitHost: true}
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: listen},
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Handler:   "sqlite",
		SQLiteURL: files.String(),
	})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go keepIndexed(ctx, dir)
	return server.Run(ctx)
}
