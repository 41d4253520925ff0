/** Of an haproxy whose backend `permit_desk` has the one server. */
export const haproxyConfig = (port: number, server: string) => `global
    log stdout format raw local0 notice
defaults
    mode http
    timeout connect 2s
    timeout client 10s
    timeout server 10s
frontend public
    bind 127.0.0.1:${port}
    default_backend permit_desk
backend other
    server permit_desk 127.0.0.1:1 check
backend permit_desk
    server permit_desk ${server} check inter 500ms # the live side
`

/** Of an nginx whose upstream `permit_desk` has the one server. */
export const nginxConfig = `upstream other { server 10.0.0.9:80; }
upstream permit_desk {
    # server 10.0.0.8:80;
    server 10.0.0.11:8080 max_fails=0;
    keepalive 8;
}
server { listen 80; location / { proxy_pass http://permit_desk; } }
`
