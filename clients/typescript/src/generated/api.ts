// Generated from openapi.yaml by clients/typescript/generate.mjs. Do not change it by hand.

export interface paths {
    "/sign_up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a one-time code
         * @description Creates the user where there is none, and sends a code either way: sign-up and sign-in both start here. Status, body
         *     and timing are the same whether the user existed or not, so an answer takes `SIGN_UP_FLOOR_MS` (1.5 s) at least.
         *
         *     A second code to the same number is sent after 60 s at the soonest; until then the answer is 429.
         */
        post: operations["signUp"];
        delete?: never;
        /** CORS preflight */
        options: operations["signUpPreflight"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sign_in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer the challenge with the code
         * @description Three tries for each challenge. A wrong code is a 401 with the next `Session`, while a try is left; each session is
         *     good for one answer. The third wrong one is a 403, and so is any session that is unknown, used or another user's.
         */
        post: operations["signIn"];
        delete?: never;
        /** CORS preflight */
        options: operations["signInPreflight"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/refresh_token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Trade a refresh token for new tokens
         * @description The refresh token is rotated: keep the one of the answer and forget the one that was sent. The old one still works for
         *     the stack's `RefreshGraceSeconds` (10), for a client whose answer got lost.
         */
        post: operations["refreshToken"];
        delete?: never;
        /** CORS preflight */
        options: operations["refreshTokenPreflight"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sign_out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End this sign-in, or all of the user's
         * @description Ends the sign-in that the access token comes from, refreshed tokens included. The location that took the request
         *     refuses its tokens at once, all others within about a minute. It can be repeated: a 503 wants it, and a token that
         *     has been signed out is still taken here.
         *
         *     Send `refresh_token` along: without it, refreshed access tokens are refused only for the life of one access token.
         *     One that is good no more is no error. It is a 400 if it is no refresh token (this sign-in's access tokens are refused
         *     from then on all the same), or if the access token is of another app client than the worker's: then nothing has ended.
         *     With `everywhere` it is not looked at.
         */
        post: operations["signOut"];
        delete?: never;
        /** CORS preflight */
        options: operations["signOutPreflight"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/secured/call": {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the parameters that were sent
         * @description Kept at the edge for each caller alone, for `SECURED_CACHE_SECONDS` (60) at most and never longer than the token is
         *     good. `Cache-Control: no-cache` in the request asks for a fresh answer.
         */
        get: operations["securedCall"];
        /** Return the parameters and the body that were sent */
        put: operations["securedCallPut"];
        /** Return the parameters and the body that were sent */
        post: operations["securedCallPost"];
        /**
         * Return the parameters that were sent
         * @description A body is taken here too, though HTTP gives it no meaning (RFC 9110 §9.3.5).
         */
        delete: operations["securedCallDelete"];
        /** CORS preflight */
        options: operations["securedCallPreflight"];
        /** The headers that GET has */
        head: operations["securedCallHead"];
        /** Return the parameters and the body that were sent */
        patch: operations["securedCallPatch"];
        trace?: never;
    };
    "/secured/{path}": {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: never;
            path: {
                /**
                 * @description What follows `/secured/`, as the API behind it knows it. With `REQUIRED_SCOPES`, a path that servers could read
                 *     differently (an encoded slash, dot segments) is a 400.
                 * @example orders
                 */
                path: components["parameters"]["path"];
            };
            cookie?: never;
        };
        /** Read from the API behind the gateway */
        get: operations["securedGet"];
        /** Replace at the API behind the gateway */
        put: operations["securedPut"];
        /** Send to the API behind the gateway */
        post: operations["securedPost"];
        /** Delete at the API behind the gateway */
        delete: operations["securedDelete"];
        /**
         * CORS preflight
         * @description Answered by the worker itself where there is an origin, which never sees it; without one, 404.
         */
        options: operations["securedPreflight"];
        /** The headers that GET has */
        head: operations["securedHead"];
        /** Change at the API behind the gateway */
        patch: operations["securedPatch"];
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: {
                /** @description `1` asks for the deep check. Any other value means nothing. */
                deep?: components["parameters"]["deep"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the worker runs
         * @description Without `deep=1`, AWS is not touched. With it, Cognito and its published keys are asked too; a good result is handed
         *     out again for 10 s, a bad one for 1 s.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        /** CORS preflight */
        options: operations["healthPreflight"];
        /** The headers that GET has */
        head: operations["healthHead"];
        patch?: never;
        trace?: never;
    };
    "/admin/guard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Look at what is remembered of a number, or change it
         * @description What `cargo xtask guard` sends. There only where `ADMIN_TOKEN` is set, which is the bearer token here; without it, 404.
         *     Every order is in the log with its operator.
         */
        post: operations["adminGuard"];
        delete?: never;
        /**
         * CORS preflight
         * @description There only where `ADMIN_TOKEN` is set; without it, 404.
         */
        options: operations["adminGuardPreflight"];
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        SignUp: {
            phone_number: components["schemas"]["PhoneNumber"];
            device_key?: components["schemas"]["DeviceKey"];
            /**
             * @description A fresh token of the Turnstile widget, where a human check is set up. Good once. Without a check it is ignored,
             *     and with `HUMAN_CHECK=soft` it is wanted above the soft limits only.
             */
            turnstile_token?: string | null;
        };
        SignIn: {
            /** @description `ChallengeParameters.USERNAME`. */
            username: string;
            /** @description The newest `Session` of the challenge. */
            session: string;
            /** @description The code from the text message. Spaces and dashes in it do not count. */
            answer: string;
        };
        Refresh: {
            /** @description The newest `AuthenticationResult.RefreshToken`. */
            refresh_token: string;
            device_key?: components["schemas"]["DeviceKey"];
        };
        SignOut: {
            /** @description The newest `AuthenticationResult.RefreshToken`, to be revoked too. With `everywhere` it goes by itself. */
            refresh_token?: string | null;
            /**
             * @description `true`: all of the user's sign-ins, on all devices.
             * @default false
             */
            everywhere: boolean | null;
        };
        GuardOrder: {
            /**
             * @description `show` changes nothing. `unlock` takes away the lock and forgets the answers tried. `block`: no code is sent to
             *     the number and no answer is taken. `allow` takes away the block and forgets the codes sent.
             * @enum {string}
             */
            order: "show" | "unlock" | "block" | "allow";
            phone_number: components["schemas"]["PhoneNumber"];
            /** @description Who gives the order. It goes into the log. */
            operator: string;
        };
        /** @description Cognito's key of a remembered device, if the client has one. Keys of any other form are ignored. */
        DeviceKey: string | null;
        /**
         * @description A possible number in E.164 form: a plus sign, an assigned calling code, and as many digits as numbers have there.
         *     The pattern lists the calling codes by how many digits may follow (metadata of libphonenumber).
         * @example +15005550006
         */
        PhoneNumber: string;
        /** @description A code was sent; what to answer with. */
        Challenge: {
            /** @constant */
            ChallengeName: "CUSTOM_CHALLENGE";
            Session: components["schemas"]["Session"];
            ChallengeParameters: components["schemas"]["ChallengeParameters"];
            /** @constant */
            code: "CHALLENGE_SENT";
            message: string;
        };
        /** @description Goes with the answer. Opaque; each is good for one answer, and only the newest. */
        Session: string;
        /** @description What a client shows and sends. Every value is a string, as Cognito wants it. */
        ChallengeParameters: {
            /** @description Who signs in; the `username` of `/sign_in`. */
            USERNAME: string;
            /**
             * @description How the code was sent.
             * @enum {string}
             */
            channel: "sms";
            /** @description The phone number, masked: `+1••••••0006`. */
            destination: string;
            /**
             * @description How many digits the code has.
             * @constant
             */
            code_length: "6";
            /** @description When the code was made, in Unix seconds. */
            issued_at: string;
            /** @description The last second in which the code is good, in Unix seconds. Wrong answers do not change it. */
            expires_at: string;
            /** @description How many answers may still be given. */
            attempts_left: string;
        };
        /** @description Cognito's tokens. Not to be read by clients but for showing what is in the ID token. */
        Tokens: {
            /** @description What secured paths want. A JWT. */
            AccessToken: string;
            /** @description Who the user is. A JWT. Secured paths do not take it. */
            IdToken: string;
            /** @description For `/refresh_token` and `/sign_out`. Good for 30 days. If there is one, it replaces the client's. */
            RefreshToken?: string;
            /**
             * @description For how many seconds the access token is good.
             * @example 3600
             */
            ExpiresIn: number;
            /** @constant */
            TokenType: "Bearer";
        };
        SignedIn: {
            AuthenticationResult: WithRequired<components["schemas"]["Tokens"], "RefreshToken">;
            /** @constant */
            code: "LOGON_SUCCEEDED";
            message: string;
        };
        Refreshed: {
            AuthenticationResult: components["schemas"]["Tokens"];
            /** @constant */
            code: "REFRESH_TOKEN_SUCCEEDED";
            message: string;
        };
        /** @description What `/secured/call` was sent, and by whom. */
        Echo: {
            /** @description The query's parameters; one that was repeated is an array, in the order sent. */
            query: {
                [key: string]: string | string[];
            };
            /** @description JSON as it was sent, a form as an object, other text as a string, and `null` where there was none. */
            body: unknown;
            caller: components["schemas"]["Caller"];
        };
        /** @description Whose access token it was. */
        Caller: {
            /** @description The user's name for ever, in this pool. */
            sub: string;
            username: string;
            /** @description What the token allows. */
            scope: string[];
            /** @description When the token expires, in Unix seconds. */
            expires_at: number;
        };
        Health: {
            /** @constant */
            status: "ok";
            /** @description With `deep=1` only. */
            checks?: {
                /** @constant */
                cognito: "ok";
                /** @constant */
                jwks: "ok";
            };
        };
        /** @description What the Guard of a number remembers. */
        GuardSummary: {
            /** @description An operator blocked it. */
            blocked: boolean;
            /** @description `LOCK_AFTER_WRONG` wrong answers in a row. */
            locked: boolean;
            wrong_in_a_row: number;
            codes_last_hour: number;
            codes_last_day: number;
            answers_last_hour: number;
            answers_last_day: number;
            /** @description What somebody who asks for a code now would be told; `null` if it would be sent. */
            next_code: null | components["schemas"]["Refusal"];
            /** @description The last orders, at most 20. */
            orders: components["schemas"]["CarriedOrder"][];
        };
        /** @description Why no code would be sent. */
        Refusal: ("human_check" | "blocked" | "locked" | "no_challenge" | "expired") | {
            wait: {
                until: components["schemas"]["UnixMilliseconds"];
                /**
                 * @description Which limit it is.
                 * @enum {string}
                 */
                cause: "pause" | "number_sends" | "guesses" | "address_sends" | "address_attempts" | "address_countries" | "country_budget";
            };
        };
        /** @description An order that was carried out. */
        CarriedOrder: {
            at: components["schemas"]["UnixMilliseconds"];
            /** @enum {string} */
            order: "unlock" | "block" | "allow";
            /** @description Who gave it, by their own word. */
            operator: string;
        };
        /** @description Milliseconds since 1970-01-01T00:00:00Z. */
        UnixMilliseconds: number;
        /** @enum {string} */
        Methods: "POST, OPTIONS" | "GET, HEAD, OPTIONS" | "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
        /** @description An error (RFC 9457). `code` is what programs switch on. */
        Problem: {
            /** @description The code as a URN. Nothing is to be found there. */
            type: string;
            /** @description What happened, in few words. */
            title: string;
            /** @description The same as the status of the answer. */
            status: number;
            /** @description What to do about it. */
            detail: string;
            code: components["schemas"]["ProblemCode"];
            /** @description The same as `detail`, for clients of the stack of 2020. */
            message: string;
            /** @description With `INVALID_REQUEST`. */
            errors?: components["schemas"]["FieldError"][];
            /** @description With `TOO_MANY_REQUESTS`: `Retry-After` as a point in time, in Unix seconds. */
            retry_at?: number;
            /** @description With `WRONG_CODE`: the session for the next answer. */
            Session?: components["schemas"]["Session"];
            /** @description With `WRONG_CODE`: the challenge as it stands. */
            ChallengeParameters?: components["schemas"]["ChallengeParameters"];
        };
        /** @description A wrong member of the request, or `body` or `path` for the whole of either. */
        FieldError: {
            field: string;
            detail: string;
        };
        /**
         * @description Stable; new ones may be added.
         * @enum {string}
         */
        ProblemCode: "INVALID_REQUEST" | "INVALID_PHONE_NUMBER" | "INVALID_TOKEN" | "INSUFFICIENT_SCOPE" | "WRONG_CODE" | "NOT_AUTHORIZED" | "DESTINATION_NOT_ALLOWED" | "HUMAN_CHECK_REQUIRED" | "TOO_MANY_REQUESTS" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "EXPIRED_CODE" | "BODY_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "INTERNAL" | "UPSTREAM_ERROR" | "UPSTREAM_UNAVAILABLE" | "ORIGIN_ERROR" | "ORIGIN_UNAVAILABLE" | "ORIGIN_TIMEOUT";
        InvalidRequest: {
            /** @constant */
            type: "urn:passwordless-edge:problem:invalid-request";
            /** @constant */
            status: 400;
            /** @constant */
            code: "INVALID_REQUEST";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code" | "errors">;
        InvalidPhoneNumber: {
            /** @constant */
            type: "urn:passwordless-edge:problem:invalid-phone-number";
            /** @constant */
            status: 400;
            /** @constant */
            code: "INVALID_PHONE_NUMBER";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        InvalidToken: {
            /** @constant */
            type: "urn:passwordless-edge:problem:invalid-token";
            /** @constant */
            status: 401;
            /** @constant */
            code: "INVALID_TOKEN";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        InsufficientScope: {
            /** @constant */
            type: "urn:passwordless-edge:problem:insufficient-scope";
            /** @constant */
            status: 403;
            /** @constant */
            code: "INSUFFICIENT_SCOPE";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        WrongCode: {
            /** @constant */
            type: "urn:passwordless-edge:problem:wrong-code";
            /** @constant */
            status: 401;
            /** @constant */
            code: "WRONG_CODE";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code" | "Session" | "ChallengeParameters">;
        NotAuthorized: {
            /** @constant */
            type: "urn:passwordless-edge:problem:not-authorized";
            /** @constant */
            status: 403;
            /** @constant */
            code: "NOT_AUTHORIZED";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        DestinationNotAllowed: {
            /** @constant */
            type: "urn:passwordless-edge:problem:destination-not-allowed";
            /** @constant */
            status: 403;
            /** @constant */
            code: "DESTINATION_NOT_ALLOWED";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        HumanCheckRequired: {
            /** @constant */
            type: "urn:passwordless-edge:problem:human-check-required";
            /** @constant */
            status: 403;
            /** @constant */
            code: "HUMAN_CHECK_REQUIRED";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        TooManyRequests: {
            /** @constant */
            type: "urn:passwordless-edge:problem:too-many-requests";
            /** @constant */
            status: 429;
            /** @constant */
            code: "TOO_MANY_REQUESTS";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code" | "retry_at">;
        NotFound: {
            /** @constant */
            type: "urn:passwordless-edge:problem:not-found";
            /** @constant */
            status: 404;
            /** @constant */
            code: "NOT_FOUND";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        MethodNotAllowed: {
            /** @constant */
            type: "urn:passwordless-edge:problem:method-not-allowed";
            /** @constant */
            status: 405;
            /** @constant */
            code: "METHOD_NOT_ALLOWED";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        ExpiredCode: {
            /** @constant */
            type: "urn:passwordless-edge:problem:expired-code";
            /** @constant */
            status: 410;
            /** @constant */
            code: "EXPIRED_CODE";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        BodyTooLarge: {
            /** @constant */
            type: "urn:passwordless-edge:problem:body-too-large";
            /** @constant */
            status: 413;
            /** @constant */
            code: "BODY_TOO_LARGE";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        UnsupportedMediaType: {
            /** @constant */
            type: "urn:passwordless-edge:problem:unsupported-media-type";
            /** @constant */
            status: 415;
            /** @constant */
            code: "UNSUPPORTED_MEDIA_TYPE";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        Internal: {
            /** @constant */
            type: "urn:passwordless-edge:problem:internal";
            /** @constant */
            status: 500;
            /** @constant */
            code: "INTERNAL";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        UpstreamError: {
            /** @constant */
            type: "urn:passwordless-edge:problem:upstream-error";
            /** @constant */
            status: 502;
            /** @constant */
            code: "UPSTREAM_ERROR";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        UpstreamUnavailable: {
            /** @constant */
            type: "urn:passwordless-edge:problem:upstream-unavailable";
            /** @constant */
            status: 503;
            /** @constant */
            code: "UPSTREAM_UNAVAILABLE";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        OriginError: {
            /** @constant */
            type: "urn:passwordless-edge:problem:origin-error";
            /** @constant */
            status: 502;
            /** @constant */
            code: "ORIGIN_ERROR";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        OriginUnavailable: {
            /** @constant */
            type: "urn:passwordless-edge:problem:origin-unavailable";
            /** @constant */
            status: 503;
            /** @constant */
            code: "ORIGIN_UNAVAILABLE";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
        OriginTimeout: {
            /** @constant */
            type: "urn:passwordless-edge:problem:origin-timeout";
            /** @constant */
            status: 504;
            /** @constant */
            code: "ORIGIN_TIMEOUT";
        } & WithRequired<components["schemas"]["Problem"], "type" | "status" | "code">;
    };
    responses: {
        /** @description A code is on its way. Answer with it before `expires_at`. */
        ChallengeSent: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Challenge"];
            };
        };
        /** @description The code was right. */
        SignedIn: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["SignedIn"];
            };
        };
        /** @description New tokens. */
        Refreshed: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Refreshed"];
            };
        };
        /** @description This sign-in, or all of the user's, has ended. Also if it had before. */
        SignedOut: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description The worker runs; with `deep=1`, Cognito and its keys can be reached as well. */
        Healthy: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Health"];
            };
        };
        /** @description As GET, without a body. */
        HealthyHead: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description What is remembered of the number, after the order was carried out. */
        GuardSummary: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GuardSummary"];
            };
        };
        /** @description The methods that the path takes, and the headers that the page asked for in `Access-Control-Request-Headers`. */
        Preflight: {
            headers: {
                "Access-Control-Allow-Headers": components["headers"]["Access-Control-Allow-Headers"];
                "Access-Control-Allow-Methods": components["headers"]["Access-Control-Allow-Methods"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Access-Control-Max-Age": components["headers"]["Access-Control-Max-Age"];
                Allow: components["headers"]["Allow"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description What was sent, made now or from the cache at the edge. */
        KeptEcho: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                Age: components["headers"]["Age"];
                "Cache-Control": components["headers"]["Private"];
                "Cache-Status": components["headers"]["Cache-Status"];
                ETag: components["headers"]["ETag"];
                Vary: components["headers"]["VaryAuthorization"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Echo"];
            };
        };
        /** @description As GET, without a body. */
        KeptEchoHead: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                Age: components["headers"]["Age"];
                "Cache-Control": components["headers"]["Private"];
                "Cache-Status": components["headers"]["Cache-Status"];
                ETag: components["headers"]["ETag"];
                Vary: components["headers"]["VaryAuthorization"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description The client has the answer already, by its `If-None-Match`. */
        NotModified: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                Age: components["headers"]["Age"];
                "Cache-Control": components["headers"]["Private"];
                "Cache-Status": components["headers"]["Cache-Status"];
                ETag: components["headers"]["ETag"];
                Vary: components["headers"]["VaryAuthorization"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description What was sent. Never kept. */
        Echo: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                "Cache-Status": components["headers"]["Cache-Status"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Echo"];
            };
        };
        /** @description Not the JSON that this wants, or a member is missing, of the wrong type or too long. `errors` names each. */
        InvalidRequest: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["InvalidRequest"];
            };
        };
        /** @description A member is missing, of the wrong type or too long; or `phone_number` is no number that can exist. */
        InvalidRequestOrPhoneNumber: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["InvalidRequest"] | components["schemas"]["InvalidPhoneNumber"];
            };
        };
        /**
         * @description The bearer token is missing or not accepted: malformed, expired, signed out, or not meant for this service. Which of
         *     these it is, a client does not learn. Refresh the token once and try again; if that does not help, sign in again.
         */
        InvalidToken: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["InvalidToken"];
            };
        };
        /**
         * @description The code was wrong and a try is left: ask for it again and answer with the `Session` of this answer. The same code
         *     goes on being right until it expires, and `ChallengeParameters.attempts_left` says how many tries there are.
         */
        WrongCode: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["WrongCode"];
            };
        };
        /**
         * @description The tries are used up, or the session or the refresh token is unknown, used, expired, revoked or another user's: start
         *     again with `/sign_up`. One answer for all of them.
         */
        NotAuthorized: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["NotAuthorized"];
            };
        };
        /**
         * @description No code is sent. `DESTINATION_NOT_ALLOWED`: the number's country is not in `ALLOWED_COUNTRIES`, or an operator
         *     blocked it. `HUMAN_CHECK_REQUIRED`, where Turnstile is set up: show it and send its fresh token as
         *     `turnstile_token`. `NOT_AUTHORIZED`: the number is locked after too many wrong answers or its user is disabled, and
         *     an operator has to look.
         */
        CodeRefused: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["DestinationNotAllowed"] | components["schemas"]["HumanCheckRequired"] | components["schemas"]["NotAuthorized"];
            };
        };
        /** @description The token is good but lacks one of the `REQUIRED_SCOPES` of this path. Never where none are set. */
        InsufficientScope: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["InsufficientScope"];
            };
        };
        /** @description There is nothing at this path. Here that means that the setting which opens it is not there. */
        NotFound: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["NotFound"];
            };
        };
        /** @description What any other method gets on this path than those that are described here. */
        MethodNotAllowed: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                Allow: components["headers"]["Allow"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["MethodNotAllowed"];
            };
        };
        /** @description More than 60 s (the stack's `CodeTtlSeconds`) after `issued_at`, right or wrong. Ask for a new code with `/sign_up`. */
        ExpiredCode: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ExpiredCode"];
            };
        };
        /** @description The request's body is larger than 16 KiB. */
        BodyTooLarge: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["BodyTooLarge"];
            };
        };
        /** @description `Content-Type` is not `application/json`. */
        UnsupportedMediaType: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["UnsupportedMediaType"];
            };
        };
        /** @description A limit is reached, of the number, the client's address or the country. Disable the button until `retry_at`. */
        TooManyRequests: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                "Retry-After": components["headers"]["Retry-After"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["TooManyRequests"];
            };
        };
        /** @description Ours, such as a setting that is missing. The log says which. */
        Internal: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Internal"];
            };
        };
        /** @description Cognito answered something unexpected, or the text could not be sent. */
        UpstreamError: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["UpstreamError"];
            };
        };
        /**
         * @description Something that this needs is busy or out of reach: Cognito, its published keys, a Guard, the human check's service,
         *     or what remembers sign-outs.
         */
        UpstreamUnavailable: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                "Retry-After": components["headers"]["RetrySoon"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["UpstreamUnavailable"];
            };
        };
        /** @description The problem that GET would answer with, without its body. */
        ProblemHead: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description The problem that GET would answer with, without its body. */
        BearerProblemHead: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                Vary: components["headers"]["VaryOrigin"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description The problem that GET would answer with, without its body. */
        RetryProblemHead: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Cache-Control": components["headers"]["NoStore"];
                "Retry-After": components["headers"]["RetrySoon"];
                Vary: components["headers"]["VaryOrigin"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description What the API behind the gateway answers. */
        Origin: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["GatewayExposeHeaders"];
                "Cache-Control": components["headers"]["GatewayCache-Control"];
                "Cache-Status": components["headers"]["GatewayCache-Status"];
                Vary: components["headers"]["GatewayVary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "*/*": unknown;
            };
        };
        /** @description What GET would answer, without its body. */
        OriginHead: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["GatewayExposeHeaders"];
                "Cache-Control": components["headers"]["GatewayCache-Control"];
                "Cache-Status": components["headers"]["GatewayCache-Status"];
                Vary: components["headers"]["GatewayVary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description The client has the answer already, by its `If-None-Match` or `If-Modified-Since`. */
        OriginNotModified: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["GatewayExposeHeaders"];
                "Cache-Control": components["headers"]["GatewayCache-Control"];
                "Cache-Status": components["headers"]["GatewayCache-Status"];
                Vary: components["headers"]["GatewayVary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description With `REQUIRED_SCOPES`, a path that servers could read differently (an encoded slash, dot segments). */
        AmbiguousPath: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["GatewayExposeHeaders"];
                "Cache-Control": components["headers"]["GatewayCache-Control"];
                "Cache-Status": components["headers"]["GatewayCache-Status"];
                Vary: components["headers"]["GatewayVary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["InvalidRequest"];
                "*/*": unknown;
            };
        };
        /** @description The bearer token is missing or not accepted, as at `/secured/call`. */
        GatewayInvalidToken: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["GatewayExposeHeaders"];
                "Cache-Control": components["headers"]["GatewayCache-Control"];
                "Cache-Status": components["headers"]["GatewayCache-Status"];
                Vary: components["headers"]["GatewayVary"];
                "WWW-Authenticate": components["headers"]["GatewayWWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["InvalidToken"];
                "*/*": unknown;
            };
        };
        /** @description The token lacks one of the `REQUIRED_SCOPES` of this path, as at `/secured/call`. */
        GatewayInsufficientScope: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["GatewayExposeHeaders"];
                "Cache-Control": components["headers"]["GatewayCache-Control"];
                "Cache-Status": components["headers"]["GatewayCache-Status"];
                Vary: components["headers"]["GatewayVary"];
                "WWW-Authenticate": components["headers"]["GatewayWWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["InsufficientScope"];
                "*/*": unknown;
            };
        };
        /** @description There is no API behind the gateway. */
        GatewayNotFound: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["GatewayExposeHeaders"];
                "Cache-Control": components["headers"]["GatewayCache-Control"];
                "Cache-Status": components["headers"]["GatewayCache-Status"];
                Vary: components["headers"]["GatewayVary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["NotFound"];
                "*/*": unknown;
            };
        };
        /** @description What any other method gets than those that are described here; the API does not see it. */
        GatewayMethodNotAllowed: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["GatewayExposeHeaders"];
                Allow: components["headers"]["GatewayAllow"];
                "Cache-Control": components["headers"]["GatewayCache-Control"];
                "Cache-Status": components["headers"]["GatewayCache-Status"];
                Vary: components["headers"]["GatewayVary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["MethodNotAllowed"];
                "*/*": unknown;
            };
        };
        /** @description Ours, such as a setting that is missing. */
        GatewayInternal: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["GatewayExposeHeaders"];
                "Cache-Control": components["headers"]["GatewayCache-Control"];
                "Cache-Status": components["headers"]["GatewayCache-Status"];
                Vary: components["headers"]["GatewayVary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Internal"];
                "*/*": unknown;
            };
        };
        /** @description The API broke off or answered what is no HTTP. */
        OriginError: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["GatewayExposeHeaders"];
                "Cache-Control": components["headers"]["GatewayCache-Control"];
                "Cache-Status": components["headers"]["GatewayCache-Status"];
                Vary: components["headers"]["GatewayVary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["OriginError"];
                "*/*": unknown;
            };
        };
        /** @description The API is out of reach; or the keys, or what remembers sign-outs. With `Retry-After`. */
        GatewayUnavailable: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["GatewayExposeHeaders"];
                "Cache-Control": components["headers"]["GatewayCache-Control"];
                "Cache-Status": components["headers"]["GatewayCache-Status"];
                "Retry-After": components["headers"]["GatewayRetry-After"];
                Vary: components["headers"]["GatewayVary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["OriginUnavailable"] | components["schemas"]["UpstreamUnavailable"];
                "*/*": unknown;
            };
        };
        /** @description The API did not begin to answer within `ORIGIN_TIMEOUT_MS` (10 s). */
        OriginTimeout: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["GatewayExposeHeaders"];
                "Cache-Control": components["headers"]["GatewayCache-Control"];
                "Cache-Status": components["headers"]["GatewayCache-Status"];
                Vary: components["headers"]["GatewayVary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["OriginTimeout"];
                "*/*": unknown;
            };
        };
        /** @description What GET would answer, without its body. */
        GatewayBearerProblemHead: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["GatewayExposeHeaders"];
                "Cache-Control": components["headers"]["GatewayCache-Control"];
                "Cache-Status": components["headers"]["GatewayCache-Status"];
                Vary: components["headers"]["GatewayVary"];
                "WWW-Authenticate": components["headers"]["GatewayWWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description What GET would answer, without its body. */
        GatewayRetryProblemHead: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["GatewayExposeHeaders"];
                "Cache-Control": components["headers"]["GatewayCache-Control"];
                "Cache-Status": components["headers"]["GatewayCache-Status"];
                "Retry-After": components["headers"]["GatewayRetry-After"];
                Vary: components["headers"]["GatewayVary"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
    };
    parameters: {
        /**
         * @description Any parameters. One that is repeated becomes an array in the echo.
         * @example {
         *       "color": [
         *         "red",
         *         "blue"
         *       ],
         *       "size": "3"
         *     }
         */
        AnyQuery: {
            [key: string]: string | string[];
        };
        /** @description `no-cache`, `no-store` or `max-age=0`: an answer that does not come from the cache at the edge. */
        "Cache-Control": string;
        /**
         * @description The `ETag` of an answer that the client has, with its quotes, such as `"MyvZqsENRBThjPRbecpPsqukmOFwXiWHjUujLNDU5-4"`.
         *     If it is still the same, the answer is a 304.
         */
        "If-None-Match": string;
        /** @description `1` asks for the deep check. Any other value means nothing. */
        deep: string;
        /**
         * @description What follows `/secured/`, as the API behind it knows it. With `REQUIRED_SCOPES`, a path that servers could read
         *     differently (an encoded slash, dot segments) is a 400.
         * @example orders
         */
        path: string;
    };
    requestBodies: {
        SignUp: {
            content: {
                /**
                 * @example {
                 *       "phone_number": "+15005550006"
                 *     }
                 */
                "application/json": components["schemas"]["SignUp"];
            };
        };
        SignIn: {
            content: {
                /**
                 * @example {
                 *       "username": "52875bee-3e4d-435d-a551-b4c1bef7d550",
                 *       "session": "v2.1795365859.ebb79ee995872fa395004d98a0db9396.4e0b9c9b.0.1YYLgoKO0dgwS.AYABe",
                 *       "answer": "517764"
                 *     }
                 */
                "application/json": components["schemas"]["SignIn"];
            };
        };
        Refresh: {
            content: {
                /**
                 * @example {
                 *       "refresh_token": "<your refresh token>"
                 *     }
                 */
                "application/json": components["schemas"]["Refresh"];
            };
        };
        /** @description None, or an empty object, ends this sign-in alone. */
        SignOut: {
            content: {
                "application/json": components["schemas"]["SignOut"];
            };
        };
        /**
         * @description JSON (also by a media type that ends in `+json`) and forms are parsed for the echo; a file in a form counts as a field
         *     whose value is its name. A body of any other media type, or of none, must be text in UTF-8 and is echoed as a string.
         */
        AnyParameters: {
            content: {
                /**
                 * @example {
                 *       "size": 3
                 *     }
                 */
                "application/json": unknown;
                /**
                 * @example {
                 *       "size": "3"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    [key: string]: string;
                };
                /**
                 * @example {
                 *       "size": "3"
                 *     }
                 */
                "multipart/form-data": {
                    [key: string]: string;
                };
                /** @example three */
                "text/plain": string;
            };
        };
        /** @description Of any media type and size, as the API behind the gateway wants it. */
        Anything: {
            content: {
                /**
                 * @example {
                 *       "size": 3
                 *     }
                 */
                "application/json": unknown;
            };
        };
        Order: {
            content: {
                /**
                 * @example {
                 *       "order": "show",
                 *       "phone_number": "+15005550006",
                 *       "operator": "ana"
                 *     }
                 */
                "application/json": components["schemas"]["GuardOrder"];
            };
        };
    };
    headers: {
        /**
         * @description The headers that the page asked for, else `Authorization, Content-Type`.
         * @example Authorization, Content-Type
         */
        "Access-Control-Allow-Headers": string;
        /**
         * @description The same as `Allow`.
         * @example POST, OPTIONS
         */
        "Access-Control-Allow-Methods": components["schemas"]["Methods"];
        /**
         * @description Only with the request header `Origin`, and only if `ALLOWED_ORIGINS` has it.
         * @example *
         */
        "Access-Control-Allow-Origin": string;
        /**
         * @description Together with `Access-Control-Allow-Origin`.
         * @example Age, Cache-Status, ETag, Retry-After, WWW-Authenticate, X-Request-Id
         */
        "Access-Control-Expose-Headers": string;
        /**
         * @description Seconds for which a browser may keep this answer.
         * @example 7200
         */
        "Access-Control-Max-Age": 7200;
        /**
         * @description Seconds since the answer was made. Only of one from the cache at the edge.
         * @example 12
         */
        Age: number;
        /**
         * @description The methods that the path takes.
         * @example POST, OPTIONS
         */
        Allow: components["schemas"]["Methods"];
        /** @description What the cache at the edge did (RFC 9211). */
        "Cache-Status": string;
        /**
         * @description For `If-None-Match`. Absent where `SECURED_CACHE_SECONDS` is `0`.
         * @example "MyvZqsENRBThjPRbecpPsqukmOFwXiWHjUujLNDU5-4"
         */
        ETag: string;
        /**
         * @description No cache keeps it.
         * @example no-store
         */
        NoStore: "no-store";
        /**
         * @description For this caller alone; it may be asked for again with `If-None-Match`. `no-store` only where a GET had a body, to
         *     which HTTP gives no meaning (RFC 9110 §9.3.1).
         * @example private
         */
        Private: "private" | "no-store";
        /**
         * @description Seconds until the same request is taken again. True to the second.
         * @example 60
         */
        "Retry-After": number;
        /**
         * @description Seconds after which to try again.
         * @example 2
         */
        RetrySoon: 2;
        /**
         * @description Only where `ALLOWED_ORIGINS` lists origins.
         * @example Origin
         */
        VaryOrigin: "Origin";
        /**
         * @description The answer is another one for each token, and where `ALLOWED_ORIGINS` lists origins, for each of them. Without
         *     `Authorization` only where a GET had a body.
         * @example Authorization
         */
        VaryAuthorization: "Authorization" | "Authorization, Origin" | "Origin";
        /**
         * @description The bearer challenge (RFC 6750 §3): without `error` where no token was sent, else `invalid_token` or
         *     `insufficient_scope`, the latter with the scopes that the path needs.
         */
        "WWW-Authenticate": string;
        /**
         * @description The request's name in the worker's log, and what the API behind `/secured/` gets.
         * @example cfc440d1-702d-4ec3-8653-313da8a52330
         */
        "X-Request-Id": string;
        /**
         * @description The methods that the path takes, in the worker's own problem.
         * @example GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS
         */
        GatewayAllow: string;
        /**
         * @description `private` and what the API says to private caches; `no-store` if it says so, and in the worker's own problems.
         * @example private, max-age=60
         */
        "GatewayCache-Control": string;
        /**
         * @description What the cache at the edge did (RFC 9211), after what the API says itself. Not in the worker's own problems.
         * @example passwordless-edge; fwd=miss; fwd-status=200; stored; ttl=60
         */
        "GatewayCache-Status": string;
        /**
         * @description Together with `Access-Control-Allow-Origin`, after what the API says itself.
         * @example X-Total, Age, Cache-Status, ETag, Retry-After, WWW-Authenticate, X-Request-Id
         */
        GatewayExposeHeaders: string;
        /**
         * @description In the worker's own problem, the seconds after which to try again.
         * @example 2
         */
        "GatewayRetry-After": string;
        /**
         * @description What the API says, and `Authorization`. In the worker's own problems, as elsewhere.
         * @example Accept-Language, Authorization
         */
        GatewayVary: string;
        /**
         * @description The bearer challenge (RFC 6750 §3), in the worker's own problem.
         * @example Bearer realm="passwordless-edge"
         */
        "GatewayWWW-Authenticate": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    signUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: components["requestBodies"]["SignUp"];
        responses: {
            201: components["responses"]["ChallengeSent"];
            400: components["responses"]["InvalidRequestOrPhoneNumber"];
            403: components["responses"]["CodeRefused"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            502: components["responses"]["UpstreamError"];
            503: components["responses"]["UpstreamUnavailable"];
        };
    };
    signUpPreflight: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Preflight"];
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: components["requestBodies"]["SignIn"];
        responses: {
            200: components["responses"]["SignedIn"];
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["WrongCode"];
            403: components["responses"]["NotAuthorized"];
            405: components["responses"]["MethodNotAllowed"];
            410: components["responses"]["ExpiredCode"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Internal"];
            502: components["responses"]["UpstreamError"];
            503: components["responses"]["UpstreamUnavailable"];
        };
    };
    signInPreflight: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Preflight"];
        };
    };
    refreshToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: components["requestBodies"]["Refresh"];
        responses: {
            200: components["responses"]["Refreshed"];
            400: components["responses"]["InvalidRequest"];
            403: components["responses"]["NotAuthorized"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
            502: components["responses"]["UpstreamError"];
            503: components["responses"]["UpstreamUnavailable"];
        };
    };
    refreshTokenPreflight: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Preflight"];
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: components["requestBodies"]["SignOut"];
        responses: {
            204: components["responses"]["SignedOut"];
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidToken"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
            502: components["responses"]["UpstreamError"];
            503: components["responses"]["UpstreamUnavailable"];
        };
    };
    signOutPreflight: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Preflight"];
        };
    };
    securedCall: {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: {
                /**
                 * @description The `ETag` of an answer that the client has, with its quotes, such as `"MyvZqsENRBThjPRbecpPsqukmOFwXiWHjUujLNDU5-4"`.
                 *     If it is still the same, the answer is a 304.
                 */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
                /** @description `no-cache`, `no-store` or `max-age=0`: an answer that does not come from the cache at the edge. */
                "Cache-Control"?: components["parameters"]["Cache-Control"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["KeptEcho"];
            304: components["responses"]["NotModified"];
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidToken"];
            403: components["responses"]["InsufficientScope"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UpstreamUnavailable"];
        };
    };
    securedCallPut: {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: components["requestBodies"]["AnyParameters"];
        responses: {
            200: components["responses"]["Echo"];
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidToken"];
            403: components["responses"]["InsufficientScope"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UpstreamUnavailable"];
        };
    };
    securedCallPost: {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: components["requestBodies"]["AnyParameters"];
        responses: {
            200: components["responses"]["Echo"];
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidToken"];
            403: components["responses"]["InsufficientScope"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UpstreamUnavailable"];
        };
    };
    securedCallDelete: {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Echo"];
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidToken"];
            403: components["responses"]["InsufficientScope"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UpstreamUnavailable"];
        };
    };
    securedCallPreflight: {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Preflight"];
        };
    };
    securedCallHead: {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: {
                /**
                 * @description The `ETag` of an answer that the client has, with its quotes, such as `"MyvZqsENRBThjPRbecpPsqukmOFwXiWHjUujLNDU5-4"`.
                 *     If it is still the same, the answer is a 304.
                 */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
                /** @description `no-cache`, `no-store` or `max-age=0`: an answer that does not come from the cache at the edge. */
                "Cache-Control"?: components["parameters"]["Cache-Control"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["KeptEchoHead"];
            304: components["responses"]["NotModified"];
            400: components["responses"]["ProblemHead"];
            401: components["responses"]["BearerProblemHead"];
            403: components["responses"]["BearerProblemHead"];
            413: components["responses"]["ProblemHead"];
            500: components["responses"]["ProblemHead"];
            503: components["responses"]["RetryProblemHead"];
        };
    };
    securedCallPatch: {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: components["requestBodies"]["AnyParameters"];
        responses: {
            200: components["responses"]["Echo"];
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidToken"];
            403: components["responses"]["InsufficientScope"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UpstreamUnavailable"];
        };
    };
    securedGet: {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: {
                /**
                 * @description The `ETag` of an answer that the client has, with its quotes, such as `"MyvZqsENRBThjPRbecpPsqukmOFwXiWHjUujLNDU5-4"`.
                 *     If it is still the same, the answer is a 304.
                 */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
                /** @description `no-cache`, `no-store` or `max-age=0`: an answer that does not come from the cache at the edge. */
                "Cache-Control"?: components["parameters"]["Cache-Control"];
            };
            path: {
                /**
                 * @description What follows `/secured/`, as the API behind it knows it. With `REQUIRED_SCOPES`, a path that servers could read
                 *     differently (an encoded slash, dot segments) is a 400.
                 * @example orders
                 */
                path: components["parameters"]["path"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            304: components["responses"]["OriginNotModified"];
            400: components["responses"]["AmbiguousPath"];
            401: components["responses"]["GatewayInvalidToken"];
            403: components["responses"]["GatewayInsufficientScope"];
            404: components["responses"]["GatewayNotFound"];
            405: components["responses"]["GatewayMethodNotAllowed"];
            500: components["responses"]["GatewayInternal"];
            502: components["responses"]["OriginError"];
            503: components["responses"]["GatewayUnavailable"];
            504: components["responses"]["OriginTimeout"];
            default: components["responses"]["Origin"];
        };
    };
    securedPut: {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: never;
            path: {
                /**
                 * @description What follows `/secured/`, as the API behind it knows it. With `REQUIRED_SCOPES`, a path that servers could read
                 *     differently (an encoded slash, dot segments) is a 400.
                 * @example orders
                 */
                path: components["parameters"]["path"];
            };
            cookie?: never;
        };
        requestBody?: components["requestBodies"]["Anything"];
        responses: {
            400: components["responses"]["AmbiguousPath"];
            401: components["responses"]["GatewayInvalidToken"];
            403: components["responses"]["GatewayInsufficientScope"];
            404: components["responses"]["GatewayNotFound"];
            405: components["responses"]["GatewayMethodNotAllowed"];
            500: components["responses"]["GatewayInternal"];
            502: components["responses"]["OriginError"];
            503: components["responses"]["GatewayUnavailable"];
            504: components["responses"]["OriginTimeout"];
            default: components["responses"]["Origin"];
        };
    };
    securedPost: {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: never;
            path: {
                /**
                 * @description What follows `/secured/`, as the API behind it knows it. With `REQUIRED_SCOPES`, a path that servers could read
                 *     differently (an encoded slash, dot segments) is a 400.
                 * @example orders
                 */
                path: components["parameters"]["path"];
            };
            cookie?: never;
        };
        requestBody?: components["requestBodies"]["Anything"];
        responses: {
            400: components["responses"]["AmbiguousPath"];
            401: components["responses"]["GatewayInvalidToken"];
            403: components["responses"]["GatewayInsufficientScope"];
            404: components["responses"]["GatewayNotFound"];
            405: components["responses"]["GatewayMethodNotAllowed"];
            500: components["responses"]["GatewayInternal"];
            502: components["responses"]["OriginError"];
            503: components["responses"]["GatewayUnavailable"];
            504: components["responses"]["OriginTimeout"];
            default: components["responses"]["Origin"];
        };
    };
    securedDelete: {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: never;
            path: {
                /**
                 * @description What follows `/secured/`, as the API behind it knows it. With `REQUIRED_SCOPES`, a path that servers could read
                 *     differently (an encoded slash, dot segments) is a 400.
                 * @example orders
                 */
                path: components["parameters"]["path"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["AmbiguousPath"];
            401: components["responses"]["GatewayInvalidToken"];
            403: components["responses"]["GatewayInsufficientScope"];
            404: components["responses"]["GatewayNotFound"];
            405: components["responses"]["GatewayMethodNotAllowed"];
            500: components["responses"]["GatewayInternal"];
            502: components["responses"]["OriginError"];
            503: components["responses"]["GatewayUnavailable"];
            504: components["responses"]["OriginTimeout"];
            default: components["responses"]["Origin"];
        };
    };
    securedPreflight: {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: never;
            path: {
                /**
                 * @description What follows `/secured/`, as the API behind it knows it. With `REQUIRED_SCOPES`, a path that servers could read
                 *     differently (an encoded slash, dot segments) is a 400.
                 * @example orders
                 */
                path: components["parameters"]["path"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Preflight"];
            404: components["responses"]["NotFound"];
        };
    };
    securedHead: {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: {
                /**
                 * @description The `ETag` of an answer that the client has, with its quotes, such as `"MyvZqsENRBThjPRbecpPsqukmOFwXiWHjUujLNDU5-4"`.
                 *     If it is still the same, the answer is a 304.
                 */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
                /** @description `no-cache`, `no-store` or `max-age=0`: an answer that does not come from the cache at the edge. */
                "Cache-Control"?: components["parameters"]["Cache-Control"];
            };
            path: {
                /**
                 * @description What follows `/secured/`, as the API behind it knows it. With `REQUIRED_SCOPES`, a path that servers could read
                 *     differently (an encoded slash, dot segments) is a 400.
                 * @example orders
                 */
                path: components["parameters"]["path"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            304: components["responses"]["OriginNotModified"];
            400: components["responses"]["OriginHead"];
            401: components["responses"]["GatewayBearerProblemHead"];
            403: components["responses"]["GatewayBearerProblemHead"];
            404: components["responses"]["OriginHead"];
            500: components["responses"]["OriginHead"];
            502: components["responses"]["OriginHead"];
            503: components["responses"]["GatewayRetryProblemHead"];
            504: components["responses"]["OriginHead"];
            default: components["responses"]["OriginHead"];
        };
    };
    securedPatch: {
        parameters: {
            query?: {
                /**
                 * @description Any parameters. One that is repeated becomes an array in the echo.
                 * @example {
                 *       "color": [
                 *         "red",
                 *         "blue"
                 *       ],
                 *       "size": "3"
                 *     }
                 */
                parameters?: components["parameters"]["AnyQuery"];
            };
            header?: never;
            path: {
                /**
                 * @description What follows `/secured/`, as the API behind it knows it. With `REQUIRED_SCOPES`, a path that servers could read
                 *     differently (an encoded slash, dot segments) is a 400.
                 * @example orders
                 */
                path: components["parameters"]["path"];
            };
            cookie?: never;
        };
        requestBody?: components["requestBodies"]["Anything"];
        responses: {
            400: components["responses"]["AmbiguousPath"];
            401: components["responses"]["GatewayInvalidToken"];
            403: components["responses"]["GatewayInsufficientScope"];
            404: components["responses"]["GatewayNotFound"];
            405: components["responses"]["GatewayMethodNotAllowed"];
            500: components["responses"]["GatewayInternal"];
            502: components["responses"]["OriginError"];
            503: components["responses"]["GatewayUnavailable"];
            504: components["responses"]["OriginTimeout"];
            default: components["responses"]["Origin"];
        };
    };
    health: {
        parameters: {
            query?: {
                /** @description `1` asks for the deep check. Any other value means nothing. */
                deep?: components["parameters"]["deep"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["Healthy"];
            405: components["responses"]["MethodNotAllowed"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UpstreamUnavailable"];
        };
    };
    healthPreflight: {
        parameters: {
            query?: {
                /** @description `1` asks for the deep check. Any other value means nothing. */
                deep?: components["parameters"]["deep"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Preflight"];
        };
    };
    healthHead: {
        parameters: {
            query?: {
                /** @description `1` asks for the deep check. Any other value means nothing. */
                deep?: components["parameters"]["deep"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: components["responses"]["HealthyHead"];
            500: components["responses"]["ProblemHead"];
            503: components["responses"]["RetryProblemHead"];
        };
    };
    adminGuard: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: components["requestBodies"]["Order"];
        responses: {
            200: components["responses"]["GuardSummary"];
            400: components["responses"]["InvalidRequestOrPhoneNumber"];
            401: components["responses"]["InvalidToken"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
            503: components["responses"]["UpstreamUnavailable"];
        };
    };
    adminGuardPreflight: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Preflight"];
            404: components["responses"]["NotFound"];
        };
    };
}
type WithRequired<T, K extends keyof T> = T & {
    [P in K]-?: T[P];
};
