package main

// The client side of the HTTP API.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rollcall/web"
)

// client speaks to a daemon.
type client struct {
	base *url.URL
	http *http.Client
}

func newClient(server string) (*client, error) {
	if !strings.Contains(server, "://") {
		server = "http://" + server
	}
	base, err := url.Parse(server)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, usagef("server %q is no address: want a URL like %s", server, defaultServer)
	}
	base.Path = strings.TrimSuffix(base.Path, "/")
	transport := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: 2 * time.Minute,
		IdleConnTimeout:       30 * time.Second,
	}
	return &client{base: base, http: &http.Client{Transport: transport}}, nil
}

// get asks for JSON; into may be nil.
func (c *client) get(ctx context.Context, path string, query url.Values, into any) error {
	return c.call(ctx, http.MethodGet, path, query, "", nil, into)
}

// post sends a body and reads JSON; into may be nil.
func (c *client) post(ctx context.Context, path string, query url.Values, contentType string, body io.Reader, into any) error {
	return c.call(ctx, http.MethodPost, path, query, contentType, body, into)
}

func (c *client) call(ctx context.Context, method, path string, query url.Values, contentType string, body io.Reader, into any) error {
	resp, err := c.stream(ctx, method, path, query, contentType, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if into == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		return fmt.Errorf("read the daemon's answer to %s: %w", path, err)
	}
	return nil
}

// stream sends a request and returns an answer of status 2xx, whose body the
// caller closes. Any other answer is an error: a *web.Problem where the daemon
// said why. The path's segments are escaped by the caller (see segment).
func (c *client) stream(ctx context.Context, method, path string, query url.Values, contentType string, body io.Reader) (*http.Response, error) {
	target := c.base.String() + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, target, body)
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.unreachable(err)
	}
	if resp.StatusCode/100 == 2 {
		return resp, nil
	}
	defer resp.Body.Close()
	return nil, readProblem(resp)
}

// errNoDaemon says that nobody listens at the daemon's address.
var errNoDaemon = errors.New("no daemon answers")

func (c *client) unreachable(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	if isNoDaemon(err) {
		return fmt.Errorf("%w at %s (%w): start one with `rollcall serve`, or name another with --server URL", errNoDaemon, c.base, err)
	}
	return fmt.Errorf("ask the daemon at %s: %w", c.base, err)
}

func readProblem(resp *http.Response) error {
	var p web.Problem
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20)) // what could be read is all there is to show
	if err := json.Unmarshal(body, &p); err != nil || p.Status == 0 {
		return fmt.Errorf("%s answered %s, which is not the answer of a rollcall daemon: check --server", resp.Request.URL.Host, resp.Status)
	}
	return &p
}

// segment escapes one part of a path: a hall, a person, an id.
func segment(s string) string { return url.PathEscape(s) }

// close frees the connections.
func (c *client) close() { c.http.CloseIdleConnections() }
