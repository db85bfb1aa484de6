package main

import (
	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/liberrors"
)

const path = "/live"

func (c *camera) OnConnOpen(ctx *gortsplib.ServerHandlerOnConnOpenCtx) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.conns[ctx.Conn] = struct{}{}
}

func (c *camera) OnConnClose(ctx *gortsplib.ServerHandlerOnConnCloseCtx) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	delete(c.conns, ctx.Conn)
}

func (c *camera) OnSessionOpen(*gortsplib.ServerHandlerOnSessionOpenCtx)   { c.stats.opened() }
func (c *camera) OnSessionClose(*gortsplib.ServerHandlerOnSessionCloseCtx) { c.stats.closed() }

func (c *camera) OnDescribe(
	ctx *gortsplib.ServerHandlerOnDescribeCtx,
) (*base.Response, *gortsplib.ServerStream, error) {
	if c.config.redirect != "" {
		header := base.Header{"Location": base.HeaderValue{c.config.redirect}}
		return &base.Response{StatusCode: base.StatusFound, Header: header}, nil, nil
	}
	return c.answer(ctx.Conn, ctx.Request, ctx.Path)
}

func (c *camera) OnSetup(
	ctx *gortsplib.ServerHandlerOnSetupCtx,
) (*base.Response, *gortsplib.ServerStream, error) {
	return c.answer(ctx.Conn, ctx.Request, ctx.Path)
}

func (c *camera) OnPlay(*gortsplib.ServerHandlerOnPlayCtx) (*base.Response, error) {
	return &base.Response{StatusCode: base.StatusOK}, nil
}

func (c *camera) answer(
	conn *gortsplib.ServerConn, request *base.Request, requested string,
) (*base.Response, *gortsplib.ServerStream, error) {
	if c.config.username != "" && !conn.VerifyCredentials(request, c.config.username, c.config.password) {
		c.stats.refused()
		return &base.Response{StatusCode: base.StatusUnauthorized}, nil, liberrors.ErrServerAuth{}
	}
	if requested != path {
		return &base.Response{StatusCode: base.StatusNotFound}, nil, nil
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return &base.Response{StatusCode: base.StatusOK}, c.stream, nil
}
